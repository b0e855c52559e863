using LightningSharp.Metrics.Aggregation;
using LightningSharp.Metrics.Classification;
using LightningSharp.Metrics.Functional;
using LightningSharp.Metrics.Regression;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests;

public class MetricTests
{
    [Fact]
    public void Accuracy_by_hand_is_the_mean_of_the_classes_recalls()
    {
        using var accuracy = new MulticlassAccuracy(numClasses: 3);

        accuracy.Update(tensor(new long[] { 2, 1, 0, 1 }), tensor(new long[] { 2, 1, 0, 0 }));

        Assert.Equal((1 + 1 + 0.5) / 3, accuracy.Compute().ToDouble(), 6); // recalls 1/2, 1, 1
    }

    [Fact]
    public void A_metric_in_a_module_adds_no_parameters_and_no_state_keys()
    {
        using var model = new Holder();

        Assert.Equal(["layer.weight", "layer.bias"], model.state_dict().Keys);
        Assert.Equal(2, model.parameters().Count());
        Assert.Contains(model.named_children(), c => c.module is MeanSquaredError);
    }

    [Fact]
    public void A_persistent_metric_is_saved_with_the_module()
    {
        using var model = new Holder();
        model.error.Persistent = true;
        model.error.Update(ones(4), zeros(4));
        using var other = new Holder();
        other.error.Persistent = true;

        other.load_state_dict(model.state_dict());

        Assert.Equal(1, other.error.Compute().ToSingle());
    }

    [Fact]
    public void A_cast_of_the_model_leaves_sums_alone_and_SetDtype_converts_them()
    {
        using var model = new Holder();

        model.to(float16);
        Assert.Equal(float64, model.error.States[0].Value.dtype);

        model.error.SetDtype(float32);
        Assert.Equal(float32, model.error.States[0].Value.dtype);
    }

    [Fact]
    public void Compute_is_cached_until_the_next_update_and_its_results_are_the_callers()
    {
        using var mean = new MeanMetric();
        mean.Update(1.0);

        var first = mean.Compute();
        first.Dispose();
        using var again = mean.Compute();
        mean.Update(3.0);

        Assert.Equal(1, again.ToSingle());
        Assert.Equal(2, mean.Compute().ToSingle());
    }

    [Fact]
    public void A_list_metric_without_data_says_what_to_do()
    {
        using var auroc = new BinaryAUROC();

        var error = Assert.Throws<InvalidOperationException>(() => auroc.Compute());

        Assert.Contains("Call Update before Compute", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_inputs_name_the_metric_what_it_got_and_what_it_wanted()
    {
        using var accuracy = new MulticlassAccuracy(3);

        var shape = Assert.Throws<ArgumentException>(() => accuracy.Update(rand(4, 5), zeros(4, int64)));
        var type = Assert.Throws<ArgumentException>(() => accuracy.Update(rand(4, 3), zeros(4)));
        var range = Assert.Throws<ArgumentException>(() => accuracy.Update(rand(4, 3), full(4, 7, int64)));

        Assert.Equal("MulticlassAccuracy wants preds with 3 classes in dimension 1. Received: shape [4, 5].", shape.Message);
        Assert.Contains("MulticlassAccuracy wants target of a whole-number or boolean type. Received: Float32", type.Message, StringComparison.Ordinal);
        Assert.Equal("MulticlassAccuracy wants target with labels 0 … 2. Received: 7.", range.Message);
        Assert.Equal(0, accuracy.UpdateCount);
    }

    [Fact]
    public void Without_ValidateArgs_values_are_not_looked_at()
    {
        using var checking = new BinaryAccuracy();
        using var trusting = new BinaryAccuracy(validateArgs: false);
        var target = tensor(new long[] { 0, 5 });

        Assert.Throws<ArgumentException>(() => checking.Update(tensor(new[] { 0.1f, 0.9f }), target[1].unsqueeze(0).expand(2)));
        trusting.Update(tensor(new[] { 0.1f, 0.9f }), tensor(new long[] { 0, 1 }));

        Assert.Equal(1, trusting.Compute().ToSingle());
    }

    [Fact]
    public void Merging_another_kind_is_refused()
    {
        using var a = new BinaryAccuracy();
        using var b = new BinaryPrecision();

        Assert.Throws<ArgumentException>(() => a.Merge(b));
    }

    [Fact]
    public void Evaluate_records_gradients()
    {
        var preds = zeros(3, requires_grad: true);

        RegressionFunctions.MeanSquaredError(preds, ones(3)).backward();

        Assert.Equal(-2.0 / 3, preds.grad![0].ToDouble(), 6);
    }

    [Fact]
    public void Update_records_no_gradient_and_keeps_no_input_alive()
    {
        using var curve = new BinaryROC();
        var preds = rand(4, requires_grad: true);

        curve.Update(preds, ones(4, int64));
        using (no_grad()) preds.fill_(0.5f);

        Assert.False(curve.States[0].Items[0].requires_grad);
        Assert.NotEqual(0.5f, curve.States[0].Items[0][0, 0].ToSingle());
    }

    [Fact]
    public void Arithmetic_is_computed_when_asked()
    {
        using var precision = new BinaryPrecision();
        using var recall = new BinaryRecall();
        using var f1 = 2 * precision * recall / (precision + recall);
        using var direct = new BinaryF1Score();
        var (p, t) = (tensor(new long[] { 1, 1, 0, 1, 0 }), tensor(new long[] { 1, 0, 0, 1, 1 }));

        foreach (var m in (Metric<Tensor, Tensor>[])[precision, recall, direct]) m.Update(p, t);

        Same.Values(direct.Compute(), f1.Compute());
        Same.Values(1 - direct.Compute(), (1 - direct).Compute());
    }

    [Fact]
    public void A_thousand_updates_leave_no_tensor_behind()
    {
        using var metrics = new MetricCollection(new MulticlassAccuracy(4), new MulticlassF1Score(4), new MulticlassConfusionMatrix(4));
        using var preds = rand(8, 4);
        using var target = randint(4, [8], int64);
        metrics.Update(preds, target);
        var before = Leaks.Settled();

        for (var i = 0; i < 1000; i++) metrics.Update(preds, target);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void NaN_follows_the_strategy()
    {
        using var ignoring = new SumMetric();
        using var replacing = new SumMetric(10.0);
        using var strict = new SumMetric(NanStrategy.Error);
        using var open = new SumMetric(NanStrategy.Disable);
        var values = tensor(new[] { 1f, float.NaN, 2f });

        ignoring.Update(values);
        replacing.Update(values);
        open.Update(values);

        Assert.Equal(3, ignoring.Compute().ToSingle());
        Assert.Equal(13, replacing.Compute().ToSingle());
        Assert.True(float.IsNaN(open.Compute().ToSingle()));
        Assert.Throws<ArgumentException>(() => strict.Update(values));
    }

    [Fact]
    public void Aggregators_aggregate()
    {
        using var mean = new MeanMetric();
        using var max = new MaxMetric();
        using var min = new MinMetric();
        using var cat = new CatMetric();
        using var running = new RunningMean(window: 2);

        mean.Update(tensor(2f), tensor(3f));
        mean.Update(tensor(6f), tensor(1f));
        foreach (var value in (double[])[1, 5, 3])
        {
            max.Update(value);
            min.Update(value);
            cat.Update(value);
            running.Update(value);
        }

        Assert.Equal(3, mean.Compute().ToSingle());
        Assert.Equal(5, max.Compute().ToSingle());
        Assert.Equal(1, min.Compute().ToSingle());
        Assert.Equal([1f, 5f, 3f], cat.Compute().data<float>().ToArray());
        Assert.Equal(4, running.Compute().ToSingle());
    }

    private sealed class Holder : nn.Module<Tensor, Tensor>
    {
        public readonly nn.Module layer = nn.Linear(2, 2);
        public readonly MeanSquaredError error = new();

        public Holder()
            : base("holder") => RegisterComponents();

        public override Tensor forward(Tensor input) => input;

        protected override void Dispose(bool disposing)
        {
            if (disposing) error.Dispose();
            base.Dispose(disposing);
        }
    }
}
