using System.Reflection;
using LightningSharp.Metrics.Aggregation;
using LightningSharp.Metrics.Classification;
using LightningSharp.Metrics.Functional;
using LightningSharp.Metrics.Wrappers;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests;

/// <summary>Every metric has a stateless form with the same settings, and it gives the metric's value.</summary>
public class FunctionalFormTests
{
    private static readonly string[] Files = ["classification", "regression", "retrieval_text", "image_groups", "detection", "added"];

    private static readonly string[] Families = ["Binary", "Multiclass", "Multilabel", "Retrieval"];

    public static TheoryData<string> Metrics => [.. Catalogue.AllMetrics.Where(HasData).Select(type => type.Name)];

    public static TheoryData<string, int, string> Kinds
    {
        get
        {
            var rows = new TheoryData<string, int, string>();
            foreach (var row in Files.SelectMany(file => Catalogue.Kinds(file))) rows.Add(row.Data.Item1, row.Data.Item2, row.Data.Item3);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Metrics), DisableDiscoveryEnumeration = true)]
    public void A_metric_has_a_function_with_the_same_settings_and_defaults(string name)
    {
        var metric = Catalogue.AllMetrics.Single(type => type.Name == name);

        var function = FunctionOf(metric);

        Assert.True(function is not null, $"{name} has no functional form: write {Expected(metric)}.");
        var settings = metric.GetConstructors().Single().GetParameters();
        var given = function.GetParameters();
        if (metric.GetProperty("Scores") is not null)
        {
            Assert.Equal("scores", given[^1].Name); // sets the property
            Assert.Equal(ScoreKind.Auto, given[^1].DefaultValue);
            given = given[..^1];
        }

        given = given[^settings.Length..];
        Assert.Equal(settings.Select(p => (p.Name, p.ParameterType, p.HasDefaultValue, p.DefaultValue)), given.Select(p => (p.Name, p.ParameterType, p.HasDefaultValue, p.DefaultValue)));
    }

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void The_function_gives_what_the_metric_gives(string file, int index, string label)
    {
        using var scope = NewDisposeScope();
        var recorded = Catalogue.Of(file)[index];
        foreach (var batch in recorded.Batches)
        {
            using var metric = Catalogue.Create(recorded);
            Catalogue.Update(metric, batch);

            var value = Catalogue.Evaluate(FunctionOf(metric.GetType())!, recorded, batch);

            try
            {
                Same.Values(metric.Compute(), value, 0);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{label}: {e.Message}", e);
            }
        }
    }

    [Fact]
    public void A_function_leaves_nothing_behind()
    {
        var (preds, target) = (rand(8), randint(2, [8], int64));
        BinaryFunctions.AUROC(preds, target).Dispose();
        var before = Leaks.Settled();

        for (var i = 0; i < 50; i++) BinaryFunctions.AUROC(preds, target).Dispose();

        Assert.Equal(before, Leaks.Settled());
    }

    /// <summary>What is measured over time or made of other metrics has no form without state.</summary>
    private static bool HasData(Type metric)
        => metric.Namespace != typeof(MeanMetric).Namespace && metric.Namespace != typeof(MinMaxMetric<>).Namespace && metric != typeof(CompositionalMetric);

    internal static MethodInfo? FunctionOf(Type metric)
    {
        var (family, name) = Split(metric);
        return typeof(BinaryFunctions).Assembly.GetType($"{typeof(BinaryFunctions).Namespace}.{family}Functions")?.GetMethod(name, BindingFlags.Public | BindingFlags.Static);
    }

    private static string Expected(Type metric) => $"{Split(metric).Family}Functions.{Split(metric).Name}";

    private static (string Family, string Name) Split(Type metric)
    {
        var family = Array.Find(Families, start => metric.Name.StartsWith(start, StringComparison.Ordinal));
        return family is null ? (metric.Namespace!.Split('.')[^1], metric.Name) : (family, metric.Name[family.Length..]);
    }
}
