using LightningSharp.Metrics.Functional;
using LightningSharp.Metrics.Regression;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests.Regression;

/// <summary>Divergences are of distributions: what cannot be one is refused.</summary>
public class DivergenceInputTests
{
    public static TheoryData<string> Names => ["KLDivergence", "JensenShannonDivergence"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Negative_and_infinite_numbers_and_NaN_are_no_probabilities(string name)
    {
        using var scope = NewDisposeScope();
        using var metric = Create(name);
        var good = tensor(new[,] { { 0.25f, 0.75f } });

        Refused(metric, "preds", "values in -0.5 … 0.75", tensor(new[,] { { -0.5f, 0.75f } }), good);
        Refused(metric, "target", "values in 0.5 … Infinity", good, tensor(new[,] { { 0.5f, float.PositiveInfinity } }));
        Refused(metric, "target", "values in 0.5 … 0.5 and 1 NaN", good, tensor(new[,] { { 0.5f, float.NaN } }));

        Assert.Equal(0, metric.UpdateCount);
        metric.Update(good, good);
        Assert.Equal(0, metric.Compute().ToDouble(), 6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_above_one_are_scaled_as_before(string name)
    {
        using var scope = NewDisposeScope();
        using var metric = Create(name);
        using var scaled = Create(name);

        metric.Update(tensor(new[,] { { 1f, 3f } }), tensor(new[,] { { 4f, 0.5f } }));
        scaled.Update(tensor(new[,] { { 0.25f, 0.75f } }), tensor(new[,] { { 8f, 1f } }));

        Same.Values(scaled.Compute(), metric.Compute(), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_checks_nothing_is_read_and_nothing_refused(string name)
    {
        using var scope = NewDisposeScope();
        var before = InputCheck.DeviceReads;
        using var metric = Create(name, validate: false);

        metric.Update(tensor(new[,] { { -0.5f, 0.75f } }), tensor(new[,] { { 0.5f, 0.5f } }));

        Assert.Equal(before, InputCheck.DeviceReads);
    }

    [Fact]
    public void Logarithms_are_negative()
    {
        using var scope = NewDisposeScope();
        var p = tensor(new[,] { { 0.25f, 0.75f } });

        Assert.Equal(0, RegressionFunctions.KLDivergence(p.log(), p.log(), logProb: true).ToDouble(), 6);
        Assert.Equal(0, RegressionFunctions.JensenShannonDivergence(p.log(), p.log(), logProb: true).ToDouble(), 6);
    }

    private static RowMetric Create(string name, bool validate = true)
        => name == nameof(KLDivergence) ? new KLDivergence { ValidateArgs = validate } : new JensenShannonDivergence { ValidateArgs = validate };

    private static void Refused(RowMetric metric, string which, string what, Tensor preds, Tensor target)
    {
        var error = Assert.Throws<ArgumentException>(() => metric.Update(preds, target));
        Assert.StartsWith($"{metric.GetName()} wants {which} of probabilities: ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Received: {what}. ", error.Message, StringComparison.Ordinal);
    }
}
