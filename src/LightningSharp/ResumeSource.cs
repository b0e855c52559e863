namespace LightningSharp;

/// <summary>Where a <see cref="Resume"/> finds its checkpoint.</summary>
public enum ResumeSource
{
    /// <summary>A given file.</summary>
    File,

    /// <summary>The best of the checkpoint callback.</summary>
    Best,

    /// <summary>The newest.</summary>
    Last,

    /// <summary>The newest, or none.</summary>
    Auto,
}
