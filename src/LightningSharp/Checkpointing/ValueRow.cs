namespace LightningSharp.Checkpointing;

/// <summary>One plain value of a checkpoint, as a row to print.</summary>
/// <param name="Key">Its name, dotted when it lies deeper.</param>
/// <param name="Value">Its value as short text, safe for a terminal.</param>
public sealed record ValueRow(string Key, string Value);
