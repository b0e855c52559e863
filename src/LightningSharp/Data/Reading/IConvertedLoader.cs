namespace LightningSharp.Data.Reading;

/// <summary>A loader that only changes the batches of another.</summary>
internal interface IConvertedLoader
{
    /// <summary>The other one, whose position counts.</summary>
    object Source { get; }
}
