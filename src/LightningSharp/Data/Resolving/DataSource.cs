namespace LightningSharp.Data.Resolving;

/// <summary>One place from which a file of a data set may come.</summary>
/// <param name="label">How the place is called in the message that lists all of them.</param>
internal abstract class DataSource(string label)
{
    public string Label { get; } = label;

    /// <summary>The decoded and verified content, or null and the reason why there is none.</summary>
    public abstract byte[]? TryRead(DataFile file, out string reason);

    /// <summary>Whether the file seems to be there already; content is only checked when it is read.</summary>
    public virtual bool Has(DataFile file) => false;
}
