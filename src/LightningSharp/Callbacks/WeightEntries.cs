using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>Reads a dictionary of weights out of a checkpoint, whatever made it: a live <c>state_dict</c> or a file.</summary>
internal static class WeightEntries
{
    public static Dictionary<string, Tensor>? Of(object? value) => value switch
    {
        Dictionary<string, Tensor> live => live,
        IReadOnlyDictionary<string, Tensor> typed => typed.ToDictionary(entry => entry.Key, entry => entry.Value),
        IReadOnlyDictionary<string, object?> read => read.Where(entry => entry.Value is Tensor).ToDictionary(entry => entry.Key, entry => (Tensor)entry.Value!), // filtered
        _ => null,
    };
}
