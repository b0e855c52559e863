using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests;

/// <summary>Inputs that do not fit give an error that names the metric, says what it got and what it wanted, and changes nothing.</summary>
public class WrongInputTests
{
    private static readonly string[] Files = ["classification", "regression", "retrieval_text", "image_groups", "detection", "added"];

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
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void A_target_that_is_one_shorter_is_refused(string file, int index, string label)
        => Check(file, index, label, batch => Shorter(batch[1]!));

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void A_label_outside_the_range_is_refused(string file, int index, string label)
    {
        if (file != "classification") return;
        Check(file, index, label, batch => batch[1]!["v"]!.AsArray()[0] = 77);
    }

    private static void Check(string file, int index, string label, Action<JsonArray> spoil)
    {
        using var scope = NewDisposeScope();
        var recorded = Catalogue.Of(file)[index];
        using var metric = Catalogue.Create(recorded);
        var batch = JsonNode.Parse(recorded.Batches[0].GetRawText())!.AsArray();
        spoil(batch);

        try
        {
            Catalogue.Update(metric, JsonSerializer.SerializeToElement(batch));
        }
        catch (ArgumentException error)
        {
            Assert.Contains(metric.GetName(), error.Message, StringComparison.Ordinal);
            Assert.Contains(" wants ", error.Message, StringComparison.Ordinal);
            Assert.Contains("Received: ", error.Message, StringComparison.Ordinal);
            Assert.Equal(0, metric.UpdateCount);
            using var untouched = Catalogue.Create(recorded);
            foreach (var one in (Metric[])[metric, untouched]) Catalogue.Update(one, recorded.Batches[0]);
            Same.Values(untouched.Compute(), metric.Compute(), 0);
            return;
        }

        Assert.Fail($"{label}: taken without an error");
    }

    private static void Shorter(JsonNode values)
    {
        if (values is JsonArray list)
        {
            list.RemoveAt(list.Count - 1);
            return;
        }

        var shape = values["s"]!.AsArray();
        var (rows, numbers) = ((int)shape[0]!, values["v"]!.AsArray());
        var keep = numbers.Count / rows * (rows - 1);
        while (numbers.Count > keep) numbers.RemoveAt(numbers.Count - 1);
        shape[0] = rows - 1;
    }
}
