using LightningSharp.Checkpointing;

namespace LightningSharp.Tests.Checkpointing;

/// <summary>A file system whose n-th call fails as a full disk does; 0 for none.</summary>
internal sealed class FaultyFiles(int failAt) : FileOperations
{
    private const int DiskFull = 28;

    public List<string> Calls { get; } = [];

    public string? Failed { get; private set; }

    public bool HardLinks { get; init; } = true;

    public override IReadOnlyList<string> CreateFolder(string folder) => Call("create folder", () => base.CreateFolder(folder));

    public override Stream Create(string path) => Call("create", () => new FaultyStream(base.Create(path), this));

    public override void FlushToDisk(Stream stream) => Call("flush", () => base.FlushToDisk(((FaultyStream)stream).Inner));

    public override void Rename(string from, string to) => Call("rename", () => base.Rename(from, to));

    public override void FlushFolder(string folder) => Call("flush folder", () => base.FlushFolder(folder));

    public override bool TryLink(string existing, string name) => HardLinks && base.TryLink(existing, name);

    public void Call(string name, Action action) => Call(name, () =>
    {
        action();
        return true;
    });

    private T Call<T>(string name, Func<T> action)
    {
        Calls.Add(name);
        if (Calls.Count != failAt) return action();
        Failed = name;
        throw new IOException("No space left on device", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : DiskFull);
    }
}
