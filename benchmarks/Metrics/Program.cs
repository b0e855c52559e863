// What an update of a metric costs beside the plain tensor expression that a training script would write for the same number. Both take turns in one run; the table has
// the median time of each and the ratio. "batch of" is rows; classification has 10 classes. Run with -c Release.
using System.Diagnostics;
using System.Globalization;
using LightningSharp.Metrics;
using LightningSharp.Metrics.Classification;
using LightningSharp.Metrics.Regression;
using TorchSharp;
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
random.manual_seed(1);
Console.WriteLine($"{"metric",-34}{"batch of",9}{"plain µs",11}{"metric µs",11}{"ratio",8}{"unchecked",11}");
foreach (var rows in (int[])[64, 2_048, 65_536])
{
    var logits = randn(rows, 10);
    var labels = randint(10, [rows], int64);
    var (x, y) = (randn(rows), randn(rows));
    var (scores, truths) = (rand(rows), randint(2, [rows], int64));
    Compare("accuracy, micro", rows, new MulticlassAccuracy(10, average: Average.Micro), new MulticlassAccuracy(10, average: Average.Micro, validateArgs: false), logits, labels,
        static (total, p, t) => total.add_(p.argmax(1).eq(t).sum()), zeros([], int64));
    Compare("accuracy, macro (counts per class)", rows, new MulticlassAccuracy(10), new MulticlassAccuracy(10, validateArgs: false), logits, labels,
        static (total, p, t) => total.add_(bincount(t.masked_select(p.argmax(1).eq(t)), minlength: 10)), zeros(10, int64));
    Compare("confusion matrix", rows, new MulticlassConfusionMatrix(10), new MulticlassConfusionMatrix(10, validateArgs: false), logits, labels,
        (total, p, t) => total.add_(bincount(t.mul(ten).add_(p.argmax(1)), minlength: 100)), zeros(100, int64));
    Compare("mean squared error", rows, new MeanSquaredError(), new MeanSquaredError { ValidateArgs = false }, x, y,
        static (total, p, t) => total.add_(p.sub(t).square().sum()), zeros([], float64));
    Compare("AUROC, 200 thresholds", rows, new BinaryAUROC(thresholds: 200), new BinaryAUROC(thresholds: 200, validateArgs: false), scores, truths, null, null);
}

partial class Program
{
    private static readonly Tensor ten = tensor(10L);

    private static void Compare(string name, int rows, Metric<Tensor, Tensor> metric, Metric<Tensor, Tensor> unchecked_, Tensor preds, Tensor target, Func<Tensor, Tensor, Tensor, Tensor>? plain, Tensor? total)
    {
        var rounds = rows > 10_000 ? 60 : 400;
        var (plains, metrics, uncheckeds) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -20; round < rounds; round++)
        {
            var a = total is null ? 0 : Time(() => plain!(total, preds, target)); // a total comes with its expression
            var b = Time(() => metric.Update(preds, target));
            var c = Time(() => unchecked_.Update(preds, target));
            if (round < 0) continue;
            plains.Add(a);
            metrics.Add(b);
            uncheckeds.Add(c);
        }

        var (own, other, free) = (Median(metrics), Median(plains), Median(uncheckeds));
        Console.WriteLine($"{name,-34}{rows,9}{(total is null ? "-" : $"{other:0.0}"),11}{own,11:0.0}{(total is null ? "-" : $"{own / other:0.00}"),8}{free,11:0.0}");
    }

    private static double Time(Action action)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
