namespace LightningSharp.Tests.Support;

/// <summary>A real file system of a few megabytes, to be filled. Skips the test where none can be mounted.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempFolder _folder = new();

    internal SmallDisk(int megabytes = 2)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "A small file system can be mounted by root only.");
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", Path) == 0, "Mounting is not allowed here.");
    }

    internal string Path => _folder.Path;

    /// <summary>Takes all the room that is left.</summary>
    internal void Fill()
    {
        using var file = File.Create(System.IO.Path.Combine(Path, "ballast"));
        var block = new byte[4096];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // full, as it should be
        }
    }

    internal void MakeReadOnly() => Assert.Equal(0, Run("mount", "-o", "remount,ro", Path));

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static int Run(string program, params string[] arguments) => ProgramRun.Of(program, arguments).Code;
}
