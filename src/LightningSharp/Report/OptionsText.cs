using System.Collections;
using System.Globalization;

namespace LightningSharp.Report;

/// <summary>The Trainer's options as text.</summary>
internal static class OptionsText
{
    /// <summary>Those that differ from their defaults, by name.</summary>
    public static Dictionary<string, object?> Changed(TrainerOptions options)
    {
        var changed = new Dictionary<string, object?>();
        var defaults = new TrainerOptions();
        foreach (var property in typeof(TrainerOptions).GetProperties())
        {
            var text = Text(property.GetValue(options));
            if (text is not null && text != Text(property.GetValue(defaults))) changed[property.Name] = text;
        }

        return changed;
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        string or bool => Convert.ToString(value, CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(item => item is Enum ? item.ToString() : item?.GetType().Name))}]",
        ValueType => value.ToString(),
        _ => value.GetType().Name,
    };
}
