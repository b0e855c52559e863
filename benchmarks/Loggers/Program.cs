// What one logged value costs in each logger, and how long a million take to write and to read back.
using System.Diagnostics;
using System.Globalization;
using LightningSharp.Dashboard;
using LightningSharp.Report;
using LightningSharp.Logging;
using LightningSharp.Logging.TensorBoard;

const int Values = 1_000_000;
const int PerRow = 4;
var root = Directory.CreateTempSubdirectory("ls-bench-").FullName;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

Measure("CsvLogger", () => new CsvLogger(), "metrics.csv");
Measure("TensorBoardLogger", () => new TensorBoardLogger(), "events.out.tfevents.*");
Measure("JsonLinesLogger", () => new JsonLinesLogger(), "events.jsonl");
Measure("InMemoryLogger", () => new InMemoryLogger(), null);
Measure("MlflowLogger (server away)", () => new MlflowLogger(new() { TrackingUri = "http://127.0.0.1:9", FinishTimeout = TimeSpan.Zero }), "mlflow_spool.jsonl");

Read("event files, own reader", () => Directory.GetFiles(Path.Combine(root, "TensorBoardLogger"), "events.*").Sum(path => EventFileReader.ReadAll(path).Sum(e => e.Values.Count)));
Read("report.html from metrics.csv", () => (int)new FileInfo(RunReport.Write(Path.Combine(root, "CsvLogger"))).Length);
await Dashboard();
Directory.Delete(root, recursive: true);

void Measure(string name, Func<IMetricLogger> make, string? file)
{
    var folder = Path.Combine(root, name);
    Directory.CreateDirectory(folder);
    // the first rounds warm up the code
    foreach (var rows in (int[])[2_000, Values / PerRow])
    {
        foreach (var old in Directory.GetFiles(folder))
        {
            File.Delete(old);
        }

        var logger = make();
        var row = new Dictionary<string, double> { ["epoch"] = 0, ["train_loss"] = 0, ["val_loss"] = 0, ["lr"] = 0 };
        logger.Start(new(folder, "bench", name));
        var before = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        for (var step = 0; step < rows; step++)
        {
            row["train_loss"] = 1.0 / (step + 1);
            row["val_loss"] = 1.1 / (step + 1);
            row["lr"] = 1e-3 * (1 - ((double)step / rows));
            logger.LogMetrics(row, step);
        }

        logger.Finish(RunStatus.Succeeded);
        var elapsed = watch.Elapsed;
        var allocated = GC.GetTotalAllocatedBytes() - before;
        logger.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (rows * PerRow == Values)
        {
            var bytes = file is null ? 0 : Directory.GetFiles(folder, file).Sum(f => new FileInfo(f).Length);
            Console.WriteLine(
                $"{name,-28} {elapsed.TotalMicroseconds * 1000 / Values,8:0} ns/value  {allocated / (double)Values,6:0} B allocated/value  1,000,000 values in {elapsed.TotalSeconds:0.00} s  file {bytes / 1e6:0.0} MB");
        }
    }
}

void Read(string name, Func<int> read)
{
    var watch = Stopwatch.StartNew();
    var result = read();
    Console.WriteLine($"{name,-28} {watch.Elapsed.TotalSeconds:0.00} s  ({result:#,0})");
}

async Task Dashboard()
{
    for (var i = 0; i < 99; i++)
    {
        Directory.CreateDirectory(Path.Combine(root, "more", $"version_{i}"));
        File.WriteAllText(Path.Combine(root, "more", $"version_{i}", "metrics.csv"), "step,loss\n0,1\n");
    }

    await using var server = await DashboardServer.StartAsync(new() { Root = root });
    using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", server.Token) } };
    foreach (var (name, path) in ((string, string)[])
        [("page", "/"), ("list of 104 runs", "/api/runs"), ("first look at 250,000 rows", "/api/series?run=CsvLogger&name=train_loss&points=1200"), ("again", "/api/series?run=CsvLogger&name=train_loss&points=1200"), ("smoothed", "/api/series?run=CsvLogger&name=train_loss&points=1200&smoothing=0.9")])
    {
        var watch = Stopwatch.StartNew();
        var bytes = await http.GetByteArrayAsync(server.Address + path);
        Console.WriteLine($"dashboard: {name,-28} {watch.Elapsed.TotalMilliseconds:0} ms  {bytes.Length / 1e3:0.0} kB");
    }
}
