namespace LightningSharp.Dashboard;

/// <summary>The page and script of the live page; what it shares with the report is in the report's assets.</summary>
internal static class Assets
{
    internal static string Read(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly does not hold the file '{name}': the package was built wrongly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
