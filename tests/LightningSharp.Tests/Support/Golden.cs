using System.Runtime.CompilerServices;

namespace LightningSharp.Tests.Support;

/// <summary>Compares text with a file beside the tests; LIGHTNINGSHARP_UPDATE_GOLDEN=1 writes it anew, for review in the diff.</summary>
public static class Golden
{
    public static void Matches(string name, IEnumerable<string> lines, [CallerFilePath] string testFile = "")
    {
        // A deterministic build gives /_/tests/LightningSharp.Tests/..: only the part below the project is true everywhere.
        var below = testFile.Replace('\\', '/').Split("/LightningSharp.Tests/")[^1];
        var file = Repository.Test(Path.GetDirectoryName(below)!, "Golden", $"{Path.GetFileNameWithoutExtension(below)}.{name}.txt");
        var actual = string.Join('\n', lines) + "\n";
        if (Environment.GetEnvironmentVariable("LIGHTNINGSHARP_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        Assert.True(File.Exists(file), $"{file} does not exist: run once with LIGHTNINGSHARP_UPDATE_GOLDEN=1 and review it.");
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
