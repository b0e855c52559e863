namespace LightningSharp.Checkpointing;

/// <summary>Why a checkpoint file was refused.</summary>
public enum Refusal
{
    /// <summary>The bytes contradict themselves: torn, truncated, changed, or no checkpoint at all.</summary>
    Corrupt,

    /// <summary>The file asks for a type or function that is not plain data. Nothing of it was run or built.</summary>
    Unsafe,

    /// <summary>Reading on would go past a documented limit of <see cref="CheckpointReadOptions"/>.</summary>
    Limit,

    /// <summary>The file is sound, but newer than this reader or of a kind it does not know (float8 tensors, big-endian machines).</summary>
    Version,
}
