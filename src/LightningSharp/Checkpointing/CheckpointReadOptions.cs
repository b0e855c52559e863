namespace LightningSharp.Checkpointing;

/// <summary>What to read of a checkpoint, and the limits a file must keep. No option makes a file able to run anything.</summary>
public sealed record CheckpointReadOptions
{
    internal static readonly CheckpointReadOptions Default = new();

    /// <summary>The top-level keys to load, for example <c>["state_dict"]</c>; everything else is left out and its tensors are never read.</summary>
    /// <value>Default null: everything.</value>
    public IReadOnlyCollection<string>? Keys { get; init; }

    /// <summary>
    /// Compare the CRC-32 of every record that is read with the one in the file. Turn it off only for files that were written
    /// without checksums (<c>torch.serialization.set_crc32_options(False)</c>).
    /// </summary>
    /// <value>Default true.</value>
    public bool VerifyChecksums { get; init; } = true;

    /// <summary>
    /// Keep values of unknown classes under <c>hyper_parameters</c>, <c>datamodule_hyper_parameters</c> and <c>callbacks</c> as inert
    /// <see cref="OpaqueValue"/>s. False refuses such files. Unknown classes anywhere else, and functions that run things, are always refused.
    /// </summary>
    /// <value>Default true.</value>
    public bool KeepOpaqueValues { get; init; } = true;

    /// <summary>The deepest nesting of lists, tuples and dictionaries.</summary>
    /// <value>Default 256.</value>
    public int MaxDepth { get; init; } = 256;

    /// <summary>The most values in the file, counting a value once for each place that refers to it.</summary>
    /// <value>Default 5,000,000.</value>
    public int MaxValues { get; init; } = 5_000_000;

    /// <summary>The largest description (<c>data.pkl</c>, or the header of a safetensors file), in bytes. Tensors do not count.</summary>
    /// <value>Default 104,857,600 (100 MiB).</value>
    public int MaxDescriptionBytes { get; init; } = 100 << 20;

    /// <summary>The longest key of a dictionary, in characters.</summary>
    /// <value>Default 4,096.</value>
    public int MaxKeyLength { get; init; } = 4096;

    /// <summary>The most records in the zip container; there is one for each tensor storage.</summary>
    /// <value>Default 500,000.</value>
    public int MaxRecords { get; init; } = 500_000;

    /// <summary>The largest tensor, in bytes, that may show more elements than its storage holds (expanded tensors).</summary>
    /// <value>Default 67,108,864 (64 MiB).</value>
    public long MaxExpandedBytes { get; init; } = 64L << 20;
}
