using System.Text.Json.Nodes;

namespace LightningSharp.Conformance;

/// <summary>What a case makes a hook do besides recording: raise, stop, interrupt, skip.</summary>
internal sealed class Behaviours(JsonArray? list, Recorder recorder)
{
    private readonly Dictionary<string, int> _calls = [];

    /// <summary>Does what is due, and says whether the hook is to return -1 or null.</summary>
    public string? Act(string hook, int? batchIndex)
    {
        if (list is null) return null;
        var trainer = recorder.Trainer!;
        var sanity = trainer.Stage == Stage.SanityCheck;
        var call = _calls.GetValueOrDefault(hook);
        if (!sanity) _calls[hook] = call + 1;
        string? result = null;
        foreach (var item in list.OfType<JsonObject>())
        {
            var when = item["when"] as JsonObject ?? [];
            if ((string)item["in"]! != hook || (sanity && (bool?)when["sanity"] != true)) continue;
            if (Differs(when, "epoch", trainer.CurrentEpoch) || Differs(when, "batch_idx", batchIndex) || Differs(when, "global_step", trainer.GlobalStep) || Differs(when, "call", call)) continue;
            switch ((string)item["do"]!)
            {
                case "raise": throw new ToyException("boom");
                case "keyboard_interrupt": recorder.Cancel(); break;
                case "should_stop": trainer.Stop("asked for by the case"); break;
                case var other: result = other; break;
            }
        }

        return result;
    }

    private static bool Differs(JsonObject when, string key, long? now) => when[key] is { } wanted && (long)wanted != now;
}
