using System.Globalization;
using System.Reflection;
using TorchSharp;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Optimization;

/// <summary>docs/optimizers.md says where TorchSharp's defaults differ from PyTorch's; both columns are checked, the second against the list kept here.</summary>
public class OptimizerDefaultsTests
{
    // PyTorch 2.10, torch.optim, under TorchSharp's names. SGD's "learningRate" is required in TorchSharp.
    private static readonly Dictionary<string, Dictionary<string, object>> PyTorch = new()
    {
        ["SGD"] = new() { ["learningRate"] = 1e-3, ["momentum"] = 0.0, ["dampening"] = 0.0, ["weight_decay"] = 0.0, ["nesterov"] = false, ["maximize"] = false },
        ["Adam"] = new() { ["lr"] = 1e-3, ["beta1"] = 0.9, ["beta2"] = 0.999, ["eps"] = 1e-8, ["weight_decay"] = 0.0, ["amsgrad"] = false, ["maximize"] = false },
        ["AdamW"] = new() { ["lr"] = 1e-3, ["beta1"] = 0.9, ["beta2"] = 0.999, ["eps"] = 1e-8, ["weight_decay"] = 1e-2, ["amsgrad"] = false, ["maximize"] = false },
        ["RMSProp"] = new() { ["lr"] = 1e-2, ["alpha"] = 0.99, ["eps"] = 1e-8, ["weight_decay"] = 0.0, ["momentum"] = 0.0, ["centered"] = false, ["maximize"] = false },
        ["Adagrad"] = new() { ["lr"] = 1e-2, ["lr_decay"] = 0.0, ["weight_decay"] = 0.0, ["initial_accumulator_value"] = 0.0, ["eps"] = 1e-10 },
        ["Adadelta"] = new() { ["lr"] = 1.0, ["rho"] = 0.9, ["eps"] = 1e-6, ["weight_decay"] = 0.0, ["maximize"] = false },
        ["Adamax"] = new() { ["lr"] = 2e-3, ["beta1"] = 0.9, ["beta2"] = 0.999, ["eps"] = 1e-8, ["weight_decay"] = 0.0 },
        ["NAdam"] = new() { ["lr"] = 2e-3, ["beta1"] = 0.9, ["beta2"] = 0.999, ["eps"] = 1e-8, ["weight_decay"] = 0.0, ["momentum_decay"] = 4e-3 },
        ["RAdam"] = new() { ["lr"] = 1e-3, ["beta1"] = 0.9, ["beta2"] = 0.999, ["eps"] = 1e-8, ["weight_decay"] = 0.0 },
        ["ASGD"] = new() { ["lr"] = 1e-2, ["lambd"] = 1e-4, ["alpha"] = 0.75, ["t0"] = 1e6, ["weight_decay"] = 0.0, ["maximize"] = false },
        ["Rprop"] = new() { ["lr"] = 1e-2, ["etaminus"] = 0.5, ["etaplus"] = 1.2, ["min_step"] = 1e-6, ["max_step"] = 50.0, ["maximize"] = false },
        ["LBFGS"] = new() { ["lr"] = 1.0, ["max_iter"] = 20L, ["max_eval"] = "none", ["tolerange_grad"] = 1e-7, ["tolerance_change"] = 1e-9, ["history_size"] = 100L },
    };

    [Fact]
    public void The_table_lists_exactly_the_defaults_that_differ()
    {
        var expected = PyTorch.SelectMany(optimizer => optimizer.Value.Select(setting =>
                (optimizer.Key, setting.Key, TorchSharp: Default(optimizer.Key, setting.Key), PyTorch: Text(setting.Value))))
            .Where(row => row.TorchSharp != row.PyTorch).Order();

        var table = File.ReadLines(Path.Combine(Repository.Root, "docs", "optimizers.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => (cells[1].Trim('`'), cells[2].Trim('`'), Normal(cells[3]), Normal(cells[4]))).Order();

        Assert.Equal(expected, table);
    }

    [Fact]
    public void Every_setting_of_TorchSharps_optimizers_is_compared()
    {
        foreach (var (name, settings) in PyTorch)
        {
            Assert.Equal(Method(name).GetParameters().Skip(1).Select(parameter => parameter.Name!).Order(), settings.Keys.Order());
        }
    }

    private static MethodInfo Method(string optimizer) => typeof(torch.optim).GetMethods().First(method => method.Name == optimizer && method.GetParameters().Length > 1);

    private static string Default(string optimizer, string setting)
    {
        var parameter = Method(optimizer).GetParameters().Single(candidate => candidate.Name == setting);
        return parameter.HasDefaultValue ? Text(parameter.DefaultValue ?? "none") : "required";
    }

    private static string Text(object value) => value is string text ? text : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Normal(string cell) => double.TryParse(cell, CultureInfo.InvariantCulture, out var number) ? Text(number) : cell;
}
