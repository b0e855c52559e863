namespace LightningSharp.Tests.Support;

/// <summary>The folder of the repository that the tests run in, found from the test program upwards: source paths in a deterministic build are not real.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Test(params ReadOnlySpan<string> parts) => Path.Combine([Root, "tests", "LightningSharp.Tests", .. parts]);

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "LightningSharp.slnx"))) return folder;
        }

        throw new InvalidOperationException("The tests must run inside of the repository.");
    }
}
