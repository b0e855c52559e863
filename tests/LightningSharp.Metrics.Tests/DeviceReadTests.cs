using System.Reflection;
using LightningSharp.Metrics.Aggregation;
using LightningSharp.Metrics.Classification;
using LightningSharp.Metrics.Segmentation;
using LightningSharp.Metrics.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests;

/// <summary>
/// An update never waits for the device unless it checks values. Two looks: the compiled code of everything that an update can reach contains no operation that reads,
/// but for one counted door; and the counter stands still while metrics that do not check values are updated.
/// </summary>
public class DeviceReadTests
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] Files = ["classification", "regression", "retrieval_text", "image_groups", "detection", "added"];

    /// <summary>Operations whose result, or its shape, only the device knows.</summary>
    private static readonly string[] Reading =
        ["item", "cpu", "data", "bytes", "nonzero", "masked_select", "unique", "unique_consecutive", "bincount", "is_nonzero", "allclose", "equal", "ToDouble", "ToSingle", "ToInt64", "ToInt32", "ToBoolean", "op_Explicit"];

    /// <summary>The metrics that read in an update, and why they must; the metrics page names them.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["HausdorffDistance"] = "an outline is a list of points: how many, only the device knows",
        ["MultioutputWrapper"] = "rows with NaN are left out: how many remain, only the device knows; removeNans: false does not look",
    };

    public static TheoryData<string, int, string> Kinds
    {
        get
        {
            var rows = new TheoryData<string, int, string>();
            foreach (var row in Files.SelectMany(file => Catalogue.Kinds(file))) rows.Add(row.Data.Item1, row.Data.Item2, row.Data.Item3);
            return rows;
        }
    }

    public static TheoryData<Type> Updating
        => [.. typeof(Metric).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(Metric)) && UpdateOf(type) is not null)];

    [Theory]
    [MemberData(nameof(Updating), DisableDiscoveryEnumeration = true)]
    public void Nothing_that_an_update_reaches_reads_the_device(Type metric)
    {
        var reads = Reachable(UpdateOf(metric)!, metric).SelectMany(method => Instructions.Of(method)
            .Where(step => step.Called?.DeclaringType is { } type && (type == typeof(Tensor) || type.FullName == "TorchSharp.TensorExtensionMethods") && Reading.Contains(step.Called.Name))
            .Select(step => $"{method.DeclaringType!.Name}.{method.Name} calls {step.Called!.Name}")).ToList();

        Assert.True(reads.Count == 0 != Exceptions.ContainsKey(metric.Name), string.Join(Environment.NewLine, reads)); // an exception that does not read any more must go
    }

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void An_update_that_does_not_check_values_reads_nothing(string file, int index, string label)
    {
        using var scope = NewDisposeScope();
        var recorded = Catalogue.Of(file)[index];
        using var metric = Catalogue.Create(recorded, validate: false);
        var before = InputCheck.DeviceReads;

        foreach (var batch in recorded.Batches) Catalogue.Update(metric, batch);

        Assert.True(InputCheck.DeviceReads == before, label);
        Same.Values(Updated(recorded).Compute(), metric.Compute(), 0);
    }

    [Fact]
    public void A_checking_update_counts_its_reads()
    {
        using var scope = NewDisposeScope();
        using var metric = new BinaryAccuracy();
        var before = InputCheck.DeviceReads;

        metric.Update(rand(4), ones(4, int64));

        Assert.Equal(before + 1, InputCheck.DeviceReads);
    }

    [Fact]
    public void Aggregators_read_only_when_their_strategy_looks_for_NaN()
    {
        using var scope = NewDisposeScope();
        var before = InputCheck.DeviceReads;
        Metric<Tensor>[] aggregators = [new SumMetric(), new MaxMetric(), new MinMetric(), new CatMetric(), new RunningMean(), new RunningSum(), new SumMetric(2.0), new SumMetric(NanStrategy.Disable)];
        foreach (var aggregator in aggregators)
        {
            using (aggregator) aggregator.Update(zeros(4));
        }

        using var strict = new SumMetric(NanStrategy.Error);
        Assert.Equal(before, InputCheck.DeviceReads);
        strict.Update(zeros(4));

        Assert.Equal(before + 1, InputCheck.DeviceReads);
    }

    private static Metric Updated(RecordedCase recorded)
    {
        var metric = Catalogue.Create(recorded);
        foreach (var batch in recorded.Batches) Catalogue.Update(metric, batch);
        return metric;
    }

    private static MethodInfo? UpdateOf(Type type)
    {
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            if (level.GetMethods(Own).FirstOrDefault(method => method.Name == "UpdateStates" && !method.IsAbstract && !IsDoor(level)) is { } found) return found;
        }

        return null;
    }

    // Metric<TPreds, TTarget> only unpacks the tuple.
    private static bool IsDoor(Type type) => type.Name.StartsWith("Metric`", StringComparison.Ordinal);

    /// <summary>Every method of ours that can run, in the given metric, from one on. Virtual calls go to what this metric has; the door for checked values is not entered.</summary>
    private static HashSet<MethodBase> Reachable(MethodBase from, Type metric)
    {
        var seen = new HashSet<MethodBase> { from };
        var open = new Queue<MethodBase>([from]);
        while (open.TryDequeue(out var method))
        {
            foreach (var called in Instructions.Of(method).Select(step => step.Called).OfType<MethodBase>())
            {
                if (called.DeclaringType?.Assembly != typeof(Metric).Assembly || called.DeclaringType == typeof(InputCheck) || called.Name.StartsWith("Compute", StringComparison.Ordinal)) continue;
                var target = called is MethodInfo { IsVirtual: true } info && info.DeclaringType!.IsAssignableFrom(metric) ? Overriding(info, metric) : called;
                if (seen.Add(target)) open.Enqueue(target);
            }
        }

        return seen;
    }

    private static MethodBase Overriding(MethodInfo method, Type metric)
    {
        for (var level = metric; level is not null && level != method.DeclaringType; level = level.BaseType)
        {
            if (level.GetMethods(Own).FirstOrDefault(m => m.IsVirtual && m.Name == method.Name && m.GetParameters().Select(p => p.ParameterType).SequenceEqual(method.GetParameters().Select(p => p.ParameterType))) is { } found) return found;
        }

        return method;
    }
}
