using System.Globalization;
using LightningSharp.Benchmarks;

// dotnet run -c Release --project benchmarks/Trainer -- [case ...] [--rounds n] [--steps n] [--quick]
// Child: --worker <model> <style> <batch>
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["--worker", var model, var style, var batch]) return Worker.Run(model, style, int.Parse(batch));
if (args is ["--end-to-end", var way, var length]) return EndToEndCases.Run(way, length == "quick");

var settings = BenchmarkSettings.Parse(args);
var cases = Cases.All;
var unknown = settings.Cases.Where(name => cases.All(entry => entry.Name != name)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"There is no case {string.Join(", ", unknown)}. Cases: {string.Join(" ", cases.Select(entry => entry.Name))}");
    return 2;
}

Console.WriteLine($"LightningSharp benchmarks: {Environment.ProcessorCount} processors, {TorchSharp.torch.get_num_threads()} threads, .NET {Environment.Version}, load {ProcessCost.Load()}");
foreach (var (name, run) in cases)
{
    if (settings.Cases.Count == 0 || settings.Cases.Contains(name)) run(settings);
}

return 0;
