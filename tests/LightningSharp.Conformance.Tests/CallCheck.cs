using System.Text.Json.Nodes;

namespace LightningSharp.Conformance;

/// <summary>Compares one call with its record.</summary>
internal static class CallCheck
{
    public static IEnumerable<string> Problems(JsonObject expected, CallResult actual, double tolerance)
        => OutcomeProblems(expected, actual).Concat(FinalProblems(expected, actual, tolerance)).Concat(ReturnProblems(expected, actual)).Concat(LossProblems(expected, actual, tolerance))
            .Concat(Compare.Rows(Expectation.Rows(expected["trace"]!.AsArray()), actual.Rows, tolerance).Take(24));

    public static IEnumerable<string> OutcomeProblems(JsonObject expected, CallResult actual)
    {
        if ((string)expected["outcome"]! == "ok")
        {
            if (actual.Exception is not null) yield return $"outcome: expected ok, got {actual.Exception}";
            yield break;
        }

        var (type, message) = ((string)expected["exception_type"]!, (string)expected["message"]!);
        if (actual.Exception is null) yield return $"outcome: expected {type} ({message}), got ok";
        else if (!Outcome.Fits(type, message, actual.Exception)) yield return $"outcome: expected {type} ({message}), got {actual.Exception}";
    }

    private static IEnumerable<string> FinalProblems(JsonObject expected, CallResult actual, double tolerance)
    {
        foreach (var (key, value) in expected["final"]!.AsObject())
        {
            if (key == "interrupted") continue; // status says it
            if (key == "training" && actual.Exception is not null) continue; // ours restores the modes (HK17)
            if (!Compare.Same(value, actual.Final[key], tolerance)) yield return $"final {key}: expected {value?.ToJsonString()}, got {actual.Final[key]?.ToJsonString()}";
        }
    }

    private static IEnumerable<string> ReturnProblems(JsonObject expected, CallResult actual)
    {
        if (expected.TryGetPropertyValue("returned", out var returned) && actual.Exception is null && !Compare.Same(returned, actual.Returned))
            yield return $"returned: expected {returned?.ToJsonString()}, got {actual.Returned?.ToJsonString()}";
    }

    private static IEnumerable<string> LossProblems(JsonObject expected, CallResult actual, double tolerance)
    {
        if (expected["train_losses"] is not JsonArray losses) yield break;
        var ours = new JsonArray([.. actual.Losses.Select(Plain.Number)]);
        if (!Compare.Same(losses, ours, tolerance)) yield return $"losses: expected {losses.ToJsonString()}, got {ours.ToJsonString()}";
    }
}
