using System.Reflection;
using LightningSharp.Metrics.Classification;
using LightningSharp.Metrics.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests.Classification;

/// <summary>Scores are what the user says they are, in every metric of classification that takes scores, made in whatever way.</summary>
public class ScoreKindTests
{
    public static TheoryData<string, int, string> Kinds
    {
        get
        {
            using var scope = NewDisposeScope();
            var rows = new TheoryData<string, int, string>();
            foreach (var row in new[] { "classification", "added" }.SelectMany(file => Catalogue.Kinds(file)))
            {
                var recorded = Catalogue.Of(row.Data.Item1)[row.Data.Item2];
                using var metric = Catalogue.Create(recorded);
                if (metric is ScoreMetric && IsScores(metric, recorded)) rows.Add(row.Data.Item1, row.Data.Item2, row.Data.Item3);
            }

            return rows;
        }
    }

    public static TheoryData<string, string> Factories
    {
        get
        {
            var rows = new TheoryData<string, string>();
            var factories = typeof(Accuracy).Assembly.GetTypes().Where(type => type is { IsPublic: true, IsAbstract: true, IsSealed: true } && type.Namespace == typeof(Accuracy).Namespace);
            foreach (var method in factories.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static)).Where(method => method.ReturnType.IsAssignableTo(typeof(ScoreMetric))))
            {
                rows.Add(method.DeclaringType!.Name, method.Name);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Logits_are_passed_through_though_they_lie_within_0_to_1(string file, int index, string label)
    {
        using var scope = NewDisposeScope();
        var (recorded, target) = Case(file, index);
        using var metric = Create(recorded, ScoreKind.Logits);
        using var auto = Create(recorded, ScoreKind.Auto);
        var logits = Unit(recorded);

        metric.Update(logits, target);
        auto.Update(OfClasses(auto) ? logits.softmax(1) : logits.sigmoid(), target);

        Agree(label, auto.Compute(), metric.Compute());
        using var alone = (Tensor)FunctionalFormTests.FunctionOf(metric.GetType())!.Invoke(null, [logits, target, .. SettingsOf(recorded, metric), ScoreKind.Logits])!;
        Agree($"{label}: the function", metric.Compute(), alone);
    }

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Probabilities_count_as_they_are(string file, int index, string label)
    {
        using var scope = NewDisposeScope();
        var (recorded, target) = Case(file, index);
        using var metric = Create(recorded, ScoreKind.Probabilities);
        using var auto = Create(recorded, ScoreKind.Auto);

        metric.Update(Valid(recorded, metric), target);
        auto.Update(Valid(recorded, metric), target);

        Agree(label, auto.Compute(), metric.Compute());
    }

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void What_is_no_probability_is_refused_by_the_metric_its_clone_and_its_function(string file, int index, string label)
    {
        using var scope = NewDisposeScope();
        var (recorded, target) = Case(file, index);
        using var metric = Create(recorded, ScoreKind.Probabilities);
        using var clone = (ScoreMetric)metric.Clone();
        var (low, high) = (full_like(Unit(recorded), -0.25), full_like(Unit(recorded), 1.5));

        foreach (var refused in (Action[])[() => metric.Update(high, target), () => metric.Update(low, target), () => metric.Forward(low, target), () => clone.Update(high, target)])
        {
            var error = Assert.Throws<ArgumentException>(refused);
            Assert.True(error.Message.StartsWith($"{metric.GetName()} with Scores = Probabilities wants preds in 0 … 1. Received: values in ", StringComparison.Ordinal), $"{label}: {error.Message}");
            Assert.Contains(error.Message.Contains("1.5", StringComparison.Ordinal) ? "1.5 … 1.5" : "-0.25 … -0.25", error.Message, StringComparison.Ordinal);
            Assert.Contains(OfClasses(metric) ? "Apply a softmax" : "Apply a sigmoid", error.Message, StringComparison.Ordinal);
            Assert.Contains("ScoreKind.Logits", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, metric.UpdateCount);
        var function = FunctionalFormTests.FunctionOf(metric.GetType())!;
        var thrown = Assert.Throws<TargetInvocationException>(() => function.Invoke(null, [high, target, .. SettingsOf(recorded, metric), ScoreKind.Probabilities]));
        Assert.IsType<ArgumentException>(thrown.InnerException);
    }

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Without_checks_nothing_is_read_whatever_the_kind(string file, int index, string label)
    {
        using var scope = NewDisposeScope();
        var (recorded, target) = Case(file, index);
        var before = InputCheck.DeviceReads;
        foreach (var kind in Enum.GetValues<ScoreKind>())
        {
            using var metric = Create(recorded, kind);
            typeof(Metric).GetProperty(nameof(Metric.ValidateArgs))!.SetValue(metric, false);

            metric.Update(full_like(Unit(recorded), 1.5), target);
        }

        Assert.True(InputCheck.DeviceReads == before, label);
    }

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Different_kinds_have_statistics_of_their_own(string file, int index, string label)
    {
        var recorded = Catalogue.Of(file)[index];
        using var scope = NewDisposeScope();
        var keys = Enum.GetValues<ScoreKind>().Select(kind =>
        {
            using var metric = Create(recorded, kind);
            return metric.StateKey;
        }).ToList();

        Assert.True(keys.All(key => key is null) || keys.Distinct().Count() == keys.Count, label);
    }

    [Theory]
    [MemberData(nameof(Factories))]
    public void A_metric_made_by_task_has_the_kind_it_was_given(string factory, string task)
    {
        using var scope = NewDisposeScope();
        var method = typeof(Accuracy).Assembly.GetType($"{typeof(Accuracy).Namespace}.{factory}")!.GetMethod(task)!;
        var arguments = method.GetParameters().Select(p => p.HasDefaultValue ? Type.Missing : p.ParameterType == typeof(int) ? (object)3 : 0.5).ToArray();
        arguments[^1] = ScoreKind.Logits;

        using var metric = (ScoreMetric)method.Invoke(null, BindingFlags.OptionalParamBinding, null, arguments, null)!;
        using var clone = (ScoreMetric)metric.Clone();

        Assert.Equal(ScoreKind.Logits, metric.Scores);
        Assert.Equal(ScoreKind.Logits, clone.Scores);
    }

    [Fact]
    public void A_collection_keeps_metrics_of_logits_and_of_probabilities_apart()
    {
        using var scope = NewDisposeScope();
        using var metrics = new MetricCollection(new BinaryAccuracy(), new BinaryPrecision { Scores = ScoreKind.Logits }, new BinaryRecall { Scores = ScoreKind.Logits });

        metrics.Update(tensor(new[] { 0.2f, 0.3f, 0.8f }), tensor(new long[] { 0, 0, 1 })); // as logits all are above one half

        Assert.Equal("BinaryAccuracy | BinaryPrecision, BinaryRecall", string.Join(" | ", metrics.ComputeGroups.Select(group => string.Join(", ", group))));
        var values = metrics.Compute();
        Assert.Equal(1, values["BinaryAccuracy"].to(float64).ToDouble());
        Assert.Equal(1 / 3.0, values["BinaryPrecision"].to(float64).ToDouble(), 6);
    }

    [Fact]
    public void Metrics_of_groups_take_the_kind_too()
    {
        using var scope = NewDisposeScope();
        var (scores, target, groups) = (tensor(new[] { 0.2f, 0.8f }), tensor(new long[] { 0, 1 }), tensor(new long[] { 0, 1 }));
        using var metric = new BinaryGroupStatRates(2) { Scores = ScoreKind.Logits };
        using var clone = (BinaryGroupStatRates)metric.Clone();

        clone.Update(scores, target, groups);

        Assert.Equal(1, clone.Compute()[0, 1].ToSingle()); // the logit 0.2 is a false positive
        Same.Values(clone.Compute(), BinaryFunctions.GroupStatRates(scores, target, groups, 2, scores: ScoreKind.Logits));
        using var strict = new BinaryFairness(2) { Scores = ScoreKind.Probabilities };
        Assert.Contains("BinaryFairness with Scores = Probabilities wants", Assert.Throws<ArgumentException>(() => strict.Update(scores.neg(), target, groups)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NaN_is_no_probability_and_is_counted()
    {
        using var scope = NewDisposeScope();
        using var metric = new BinaryAUROC { Scores = ScoreKind.Probabilities };

        var error = Assert.Throws<ArgumentException>(() => metric.Update(tensor(new[] { 0.5f, float.NaN, 0.75f }), tensor(new long[] { 0, 1, 1 })));

        Assert.Contains("Received: values in 0.5 … 0.75 and 1 NaN.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_ignored_may_be_anything()
    {
        using var scope = NewDisposeScope();
        var target = tensor(new long[] { 0, -1, 1 });
        var scores = tensor(new[] { 0.2f, float.NaN, 0.9f });
        var classes = tensor(new[,] { { 0.8f, 0.2f }, { float.NaN, 7f }, { 0.3f, 0.7f } });
        ScoreMetric[] binary = [new BinaryAUROC(ignoreIndex: -1) { Scores = ScoreKind.Probabilities }, new BinaryAccuracy(ignoreIndex: -1) { Scores = ScoreKind.Probabilities }];
        ScoreMetric[] several = [new MulticlassAUROC(2, ignoreIndex: -1) { Scores = ScoreKind.Probabilities }, new MulticlassAccuracy(2, ignoreIndex: -1) { Scores = ScoreKind.Probabilities }];
        using var loss = new BinaryHingeLoss(ignoreIndex: -1) { Scores = ScoreKind.Probabilities };
        using var losses = new MulticlassHingeLoss(2, multiclassMode: HingeMode.OneVsAll, ignoreIndex: -1) { Scores = ScoreKind.Probabilities };

        foreach (var metric in binary) metric.Update(scores, target);
        foreach (var metric in several) metric.Update(classes, target);
        loss.Update(scores, target);
        losses.Update(classes, target);

        foreach (var metric in (ScoreMetric[])[.. binary, .. several])
        {
            using (metric) Assert.Equal(1, metric.Compute().to(float64).ToDouble());
        }

        Assert.Equal((1.2 + 0.1) / 2, loss.Compute().ToDouble(), 5);
        Assert.Equal((0.2 + 1.3) / 2, losses.Compute()[0].ToDouble(), 5);
    }

    [Fact]
    public void Classes_that_do_not_add_up_to_one_are_refused()
    {
        using var scope = NewDisposeScope();
        var target = tensor(new long[] { 0, 1 });
        using var metric = new MulticlassAccuracy(2) { Scores = ScoreKind.Probabilities };

        var error = Assert.Throws<ArgumentException>(() => metric.Update(tensor(new[,] { { 0.5f, 0.25f }, { 0.5f, 0.5f } }), target));
        metric.Update(tensor(new[,] { { 0.5f, 0.5005f }, { 0.25f, 0.75f } }), target); // rounding

        Assert.Contains("MulticlassAccuracy with Scores = Probabilities wants preds whose classes (dimension 1) add up to 1. Received: sums, values in 0.75 … 1.", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, metric.UpdateCount);
    }

    [Fact]
    public void Probabilities_of_half_precision_may_add_up_as_well_as_they_can()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new[,] { { 0.996f, 0.002f, 0.002f }, { 0.1f, 0.6f, 0.3f } }).to(bfloat16);
        using var metric = new MulticlassAUROC(3) { Scores = ScoreKind.Probabilities };

        metric.Update(scores, tensor(new long[] { 0, 1 }));

        Assert.Equal(1, metric.UpdateCount);
    }

    [Fact]
    public void Labels_are_labels_whatever_is_said_of_scores()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 2, 1 });
        foreach (var kind in Enum.GetValues<ScoreKind>())
        {
            using var metric = new MulticlassAccuracy(3) { Scores = kind };

            Assert.Equal(1, metric.Forward(labels, labels).ToSingle());
        }
    }

    private static (RecordedCase Recorded, Tensor Target) Case(string file, int index)
    {
        var recorded = Catalogue.Of(file)[index];
        return (recorded, Catalogue.ToTensor(recorded.Batches[0][1]));
    }

    private static ScoreMetric Create(RecordedCase recorded, ScoreKind kind)
    {
        var metric = (ScoreMetric)Catalogue.Create(recorded);
        typeof(ScoreMetric).GetProperty(nameof(ScoreMetric.Scores))!.SetValue(metric, kind);
        return metric;
    }

    private static void Agree(string label, Tensor expected, Tensor actual)
    {
        try
        {
            Same.Values(expected, actual, 0);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{label}: {e.Message}", e);
        }
    }

    private static object?[] SettingsOf(RecordedCase recorded, Metric metric) => Catalogue.Settings(recorded, metric.GetType().GetConstructors().Single().GetParameters());

    private static bool OfClasses(Metric metric) => metric.GetName().StartsWith("Multiclass", StringComparison.Ordinal);

    private static bool IsScores(Metric metric, RecordedCase recorded)
    {
        var (preds, target) = (Catalogue.ToTensor(recorded.Batches[0][0]), Catalogue.ToTensor(recorded.Batches[0][1]));
        return preds.is_floating_point() && (!OfClasses(metric) || preds.dim() == target.dim() + 1);
    }

    /// <summary>Numbers strictly within 0…1 of the recorded shape, the same each time.</summary>
    private static Tensor Unit(RecordedCase recorded)
    {
        var like = Catalogue.ToTensor(recorded.Batches[0][0]);
        return arange(like.numel(), float32).mul(7).sin().mul(0.49).add(0.5).reshape(like.shape);
    }

    private static Tensor Valid(RecordedCase recorded, Metric metric)
    {
        var unit = Unit(recorded);
        return OfClasses(metric) ? unit.div(unit.sum(1, keepdim: true)) : unit;
    }
}
