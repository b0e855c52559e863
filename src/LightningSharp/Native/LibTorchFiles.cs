using System.Runtime.InteropServices;
using TorchSharp;

namespace LightningSharp.Native;

/// <summary>Where an application's native files lie: beside it, in its <c>runtimes</c> folder, or where the host says.</summary>
internal static class LibTorchFiles
{
    public static string? Find(string fileName)
        => SearchFolders().Select(folder => Path.Combine(folder, fileName)).FirstOrDefault(File.Exists);

    public static IEnumerable<string> SearchFolders()
    {
        var folders = new List<string> { AppContext.BaseDirectory };
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string list)
            folders.AddRange(list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        folders.Add(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"));
        folders.Add(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"));
#pragma warning disable IL3000 // empty in a single-file app, where the host's list above is the right place
        if (Path.GetDirectoryName(typeof(torch).Assembly.Location) is { Length: > 0 } beside)
        {
            folders.Add(beside);
            folders.Add(Path.Combine(beside, "runtimes", "linux-x64", "native"));
        }
#pragma warning restore IL3000
        return folders.Distinct();
    }
}
