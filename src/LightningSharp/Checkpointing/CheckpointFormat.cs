namespace LightningSharp.Checkpointing;

/// <summary>The container of a checkpoint file. It is found from the content, never from the extension.</summary>
public enum CheckpointFormat
{
    /// <summary>PyTorch's zip container with a pickle of plain data (<c>.ckpt</c>, <c>.pt</c>, <c>.pth</c>).</summary>
    PyTorch,

    /// <summary>Tensors by name, and text metadata (<c>.safetensors</c>).</summary>
    SafeTensors,
}
