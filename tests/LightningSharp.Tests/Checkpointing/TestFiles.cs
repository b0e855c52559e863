using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Checkpointing;

/// <summary>Where test data lies, and folders that vanish with the test.</summary>
internal static class TestFiles
{
    public static string Real(string name) => Path.Combine(Repository.Root, "tests", "Conformance", "ckpt", name);

    public static string Hostile(string name) => Path.Combine(Repository.Root, "tests", "Conformance", "hostile", name);
}
