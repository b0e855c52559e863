namespace LightningSharp.Logging.TensorBoard;

/// <summary>One value of an event; the member for its kind is set, the others are null.</summary>
/// <param name="Tag">Its name.</param>
/// <param name="Plugin">The TensorBoard plugin that it belongs to, when the file says so: <c>scalars</c>, <c>text</c>, <c>hparams</c> …</param>
public sealed record EventValue(string Tag, string? Plugin)
{
    /// <summary>A number.</summary>
    public double? Scalar { get; init; }

    /// <summary>A text.</summary>
    public string? Text { get; init; }

    /// <summary>A picture as the bytes of an image file, PNG as a rule.</summary>
    public byte[]? Image { get; init; }

    /// <summary>A distribution.</summary>
    public HistogramData? Histogram { get; init; }

    /// <summary>The plugin's own bytes.</summary>
    public byte[]? PluginContent { get; init; }
}
