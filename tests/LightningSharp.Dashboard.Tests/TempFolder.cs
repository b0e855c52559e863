namespace LightningSharp.Dashboard.Tests;

/// <summary>A folder of its own for each test, gone afterwards.</summary>
internal sealed class TempFolder : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("ls-dash-").FullName;

    internal string this[string name] => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
