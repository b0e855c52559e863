namespace LightningSharp;

/// <summary>The kind of hardware to train on.</summary>
public enum Accelerator
{
    /// <summary>The best that is there: CUDA, then MPS, then CPU.</summary>
    Auto,

    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>Any graphics processor: CUDA, then MPS; an error when there is none.</summary>
    Gpu,

    /// <summary>An NVIDIA card.</summary>
    Cuda,

    /// <summary>An Apple silicon graphics processor.</summary>
    Mps,

    /// <summary>Not supported in .NET; asking for it is a clear error.</summary>
    Tpu,
}
