namespace LightningSharp.Callbacks;

/// <summary>Whether a checkpoint callback keeps a file <c>last.ckpt</c>.</summary>
public enum SaveLast
{
    /// <summary>No such file.</summary>
    None,

    /// <summary>A full copy of the state whenever a checkpoint was really written; when none was, once at the end of training.</summary>
    Copy,

    /// <summary>A second name for the file that was saved last; it survives when the other name is deleted.</summary>
    Link,
}
