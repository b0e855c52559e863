using System.ComponentModel;

namespace LightningSharp;

/// <summary>Called by generated code: makes the hyper-parameters of the arguments that a partial module or data module was built with.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CapturedArguments
{
    /// <summary>Arguments as plain data; what is no data is left out.</summary>
    /// <param name="inherited">Those of the base class, or null; arguments of the same name replace them.</param>
    /// <param name="arguments">Names and values.</param>
    public static IReadOnlyDictionary<string, object?> Of(IReadOnlyDictionary<string, object?>? inherited, params ReadOnlySpan<(string Name, object? Value)> arguments)
    {
        var all = inherited is null ? [] : new Dictionary<string, object?>(inherited);
        foreach (var (name, value) in arguments)
        {
            if (PlainData.TryConvert(value, out var plain)) all[name] = plain;
        }

        return all;
    }
}
