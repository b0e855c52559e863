using LightningSharp.Metrics.Classification;
using LightningSharp.Metrics.Functional;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Metrics.Tests;

/// <summary>The examples of docs/metrics.md, so that they keep compiling and doing what the page says.</summary>
public class DocumentedUseTests
{
    [Fact]
    public void A_loop_written_by_hand()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(0);
        var train = Batches(6);
        var validation = Batches(3);

        var model = Sequential(Linear(4, 16), ReLU(), Linear(16, 3));
        var optimizer = optim.Adam(model.parameters(), lr: 0.05);

        using var metrics = new MetricCollection(new MulticlassAccuracy(numClasses: 3), new MulticlassF1Score(numClasses: 3));
        using var confusion = new MulticlassConfusionMatrix(numClasses: 3);
        var history = new List<double>();
        for (var epoch = 0; epoch < 8; epoch++)
        {
            model.train();
            foreach (var (x, y) in train)
            {
                using var batch = NewDisposeScope();
                optimizer.zero_grad();
                functional.cross_entropy(model.call(x), y).backward();
                optimizer.step();
            }

            model.eval();
            foreach (var (x, y) in validation)
            {
                using var batch = NewDisposeScope();
                using var mode = inference_mode();
                var logits = model.call(x);
                metrics.Update(logits, y);
                confusion.Update(logits, y);
            }

            var values = metrics.Compute();
            history.Add(values["MulticlassAccuracy"].ToSingle());
            metrics.Reset();
            if (epoch < 7) confusion.Reset();
        }

        Assert.True(history[^1] > history[0], string.Join(' ', history)); // the labels can be learnt
        Assert.Equal(3 * 16, confusion.Compute().sum().ToInt64());
    }

    [Fact]
    public void One_call_without_an_object_and_all_its_results_by_name()
    {
        using var scope = NewDisposeScope();
        var (preds, target) = (tensor(new[] { 0.2f, 0.7f, 0.9f }), tensor(new long[] { 0, 0, 1 }));

        var accuracy = BinaryFunctions.Accuracy(preds, target);
        using var best = new BinaryRecallAtFixedPrecision(minPrecision: 0.9);
        var parts = best.EvaluateNamed((preds, target));

        Assert.Equal(2 / 3.0, accuracy.ToDouble(), 6);
        Assert.Equal(1, parts["BinaryRecallAtFixedPrecision"].ToDouble());
        Assert.Equal(0.9, parts["threshold"].ToDouble(), 6);
        Assert.Equal(0, best.UpdateCount);
    }

    [Fact]
    public void A_metric_of_ones_own_merges_and_clones_without_more_code()
    {
        using var scope = NewDisposeScope();
        using var first = new FractionPositive();
        first.Update(tensor(new[] { 1f, -1f }));
        using var second = (FractionPositive)first.Clone();

        second.Update(tensor(new[] { 1f, 1f }));
        first.Merge(second);

        Assert.Equal(4 / 6.0, first.Compute().ToDouble(), 6);
        Assert.Equal(0.75, second.Compute().ToDouble(), 6);
    }

    [Fact]
    public void Every_metric_stands_on_the_page()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "metrics.md"));
        var all = typeof(Metric).Assembly.GetTypes().Where(type => type is { IsPublic: true, IsAbstract: false } && type.IsAssignableTo(typeof(Metric)) && type != typeof(CompositionalMetric));

        var missing = all.Select(type => type.Name.Split('`')[0]).Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)).ToList();

        Assert.True(missing.Count == 0, string.Join(", ", missing));
    }

    private static List<(Tensor X, Tensor Y)> Batches(int count)
        => [.. Enumerable.Range(0, count).Select(_ => randn(16, 4)).Select(x => (x, x.narrow(1, 0, 3).argmax(1)))];

    private sealed class FractionPositive : Metric<Tensor>
    {
        private readonly MetricState _positive, _count;

        public FractionPositive()
        {
            _positive = AddState("positive", zeros(1));
            _count = AddState("count", zeros(1));
        }

        protected override void UpdateStates(Tensor input)
        {
            _positive.Add((input > 0).sum());
            _count.Add(input.numel());
        }

        protected override Tensor ComputeValue() => _positive.Value / _count.Value;
    }
}
