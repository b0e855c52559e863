using System.Security.Cryptography;
using System.Text;

namespace LightningSharp.Report;

/// <summary>The scripts and styles that travel inside the assembly.</summary>
internal static class ReportAssets
{
    internal static string Read(string name)
    {
        using var stream = typeof(ReportAssets).Assembly.GetManifestResourceStream("report/" + name)
            ?? throw new InvalidOperationException($"The assembly does not hold the file '{name}': the package was built wrongly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>How a content security policy names exactly this inline script or style.</summary>
    internal static string PolicyHash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
