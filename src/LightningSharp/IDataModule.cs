namespace LightningSharp;

/// <summary>A data module as tools see it, who do not know its batch type. Derive from <see cref="DataModule{TBatch}"/>, do not implement this.</summary>
public interface IDataModule
{
    /// <summary>The arguments that the data module was built with: plain data.</summary>
    IReadOnlyDictionary<string, object?> HyperParameters { get; }
}
