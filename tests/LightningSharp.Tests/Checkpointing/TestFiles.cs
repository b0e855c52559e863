namespace LightningSharp.Tests.Checkpointing;

/// <summary>Where test data lies, and folders that vanish with the test.</summary>
internal static class TestFiles
{
    private static readonly string Root = FindRoot();

    public static string Repository => Root;

    public static string Real(string name) => Path.Combine(Root, "tests", "Conformance", "ckpt", name);

    public static string Hostile(string name) => Path.Combine(Root, "tests", "Conformance", "hostile", name);

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "LightningSharp.slnx"))) return folder;
        }

        throw new InvalidOperationException("The tests must run inside of the repository.");
    }
}
