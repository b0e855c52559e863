namespace LightningSharp.Metrics.Tests;

/// <summary>Names a file of Recorded/.</summary>
public interface IRecordedFile
{
    static abstract string File { get; }
}
