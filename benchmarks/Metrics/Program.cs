// What an update of a metric costs beside the plain tensor expression that a training script would write for the same number. Both take turns in one run; the first table
// has the median time of each and the ratios: with the checks of values (the default on the CPU) and without (ValidateArgs off). "batch of" is rows; classification has 10
// classes. The second table has what a curve keeps as data comes in: a binned one must not grow. Run with -c Release.
using System.Diagnostics;
using System.Globalization;
using LightningSharp.Metrics;
using LightningSharp.Metrics.Classification;
using LightningSharp.Metrics.Image;
using LightningSharp.Metrics.Regression;
using TorchSharp;
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
random.manual_seed(1);
using var lasting = NewDisposeScope();
var ten = tensor(10L);
var steps = linspace(0, 1, 200);
Console.WriteLine($"{"metric",-34}{"batch of",9}{"plain µs",11}{"checked µs",12}{"ratio",8}{"unchecked µs",14}{"ratio",8}");
foreach (var rows in (int[])[64, 2_048, 65_536])
{
    var logits = randn(rows, 10);
    var labels = randint(10, [rows], int64);
    var (x, y) = (randn(rows), randn(rows));
    var (scores, truths) = (rand(rows), randint(2, [rows], int64));
    Compare("accuracy, micro", rows, checks => new MulticlassAccuracy(10, average: Average.Micro, validateArgs: checks), logits, labels,
        static (total, p, t) => total.add_(p.argmax(1).eq(t).sum()), zeros([], int64));
    Compare("accuracy, macro (per class)", rows, checks => new MulticlassAccuracy(10, validateArgs: checks), logits, labels,
        (total, p, t) => total.add_(Counts(p.argmax(1), t, ten)), zeros(2, 10, int64));
    Compare("confusion matrix", rows, checks => new MulticlassConfusionMatrix(10, validateArgs: checks), logits, labels,
        (total, p, t) => total.add_(bincount(t.mul(ten).add_(p.argmax(1)), minlength: 100)), zeros(100, int64));
    Compare("binary F1", rows, checks => new BinaryF1Score(validateArgs: checks), scores, truths, static (total, p, t) => total.add_(Hits(p, t)), zeros(3, int64));
    Compare("mean squared error", rows, checks => new MeanSquaredError { ValidateArgs = checks }, x, y,
        static (total, p, t) => total.add_(p.sub(t).square().sum()), zeros([], float64));
    Compare("AUROC, 200 thresholds", rows, checks => new BinaryAUROC(thresholds: 200, validateArgs: checks), scores, truths,
        (total, p, t) => total.add_(Reached(p, t, steps)), zeros(2, 200, int64));
}

var images = rand(16, 3, 64, 64);
Compare("PSNR, images of 3 × 64 × 64", 16, checks => new PeakSignalNoiseRatio(1.0) { ValidateArgs = checks }, images, rand_like(images),
    static (total, p, t) => total.add_(p.sub(t).square().sum()), zeros([], float64));

Console.WriteLine();
Console.WriteLine($"{"kept by a curve, KiB",-34}{"after 10",10}{"after 100",11}{"after 1000 batches of 256",27}");
Kept("BinaryAUROC, exact", () => new BinaryAUROC(validateArgs: false));
Kept("BinaryAUROC, 200 thresholds", () => new BinaryAUROC(thresholds: 200, validateArgs: false));

partial class Program
{
    // Support and hits of each class, as a script writes it.
    private static Tensor Counts(Tensor guess, Tensor truth, Tensor classes)
        => stack([bincount(truth, minlength: 10), bincount(where(guess.eq(truth), truth, classes), minlength: 11).narrow(0, 0, 10)], 0);

    private static Tensor Hits(Tensor scores, Tensor truth)
    {
        var positive = scores.gt(0.5);
        return stack([positive.mul(truth).sum(), positive.sum(), truth.sum()], 0);
    }

    private static Tensor Reached(Tensor scores, Tensor truth, Tensor steps)
    {
        var above = scores.unsqueeze(1).ge(steps);
        var hits = above.mul(truth.unsqueeze(1)).sum(0L);
        return stack([hits, above.sum(0L).sub(hits)], 0);
    }

    private static void Compare(string name, int rows, Func<bool, Metric<Tensor, Tensor>> create, Tensor preds, Tensor target, Func<Tensor, Tensor, Tensor, Tensor> plain, Tensor total)
    {
        using var checking = create(true);
        using var trusting = create(false);
        var rounds = rows > 10_000 ? 60 : 400;
        var (plains, checkeds, uncheckeds) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -20; round < rounds; round++)
        {
            var a = Time(() => plain(total, preds, target));
            var b = Time(() => checking.Update(preds, target));
            var c = Time(() => trusting.Update(preds, target));
            if (round < 0) continue;
            plains.Add(a);
            checkeds.Add(b);
            uncheckeds.Add(c);
        }

        var (script, with, without) = (Median(plains), Median(checkeds), Median(uncheckeds));
        Console.WriteLine($"{name,-34}{rows,9}{script,11:0.0}{with,12:0.0}{with / script,8:0.00}{without,14:0.0}{without / script,8:0.00}");
    }

    private static void Kept(string name, Func<Metric<Tensor, Tensor>> create)
    {
        using var metric = create();
        Console.Write($"{name,-34}");
        foreach (var (batches, width) in ((int, int)[])[(10, 10), (100, 11), (1000, 27)])
        {
            while (metric.UpdateCount < batches)
            {
                using var scope = NewDisposeScope();
                metric.Update(rand(256), randint(2, [256], int64));
            }

            Console.Write($"{Bytes(metric.StateDict().Values) / 1024.0:0.0}".PadLeft(width));
        }

        Console.WriteLine();
    }

    private static long Bytes(IEnumerable<object?> states) => states.Sum(state => state switch
    {
        Tensor tensor => tensor.numel() * tensor.element_size(),
        IEnumerable<object?> list => Bytes(list),
        _ => 0,
    });

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
