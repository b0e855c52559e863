using System.Globalization;

namespace LightningSharp.Logging;

/// <summary>
/// Makes the folder of a run: <c>{root}/{name}/version_N</c>, N being one more than the highest that exists. Safe when many processes start at once:
/// a folder belongs to whoever creates the empty file <c>.run</c> in it, which only one process can.
/// </summary>
public static class RunFolder
{
    /// <summary>The experiment name that is used when none is given.</summary>
    public const string DefaultName = "lightning_logs";

    private const string ClaimFile = ".run";
    private const string Prefix = "version_";

    /// <summary>Creates the folder and says where it is.</summary>
    /// <param name="root">The folder that holds the experiments; created when missing.</param>
    /// <param name="name">The experiment; null or empty puts the versions directly under <paramref name="root"/>.</param>
    /// <param name="version">A folder name of your own, taken as it is and used again when it exists; null counts up <c>version_0</c>, <c>version_1</c> …</param>
    /// <exception cref="MisconfigurationException">The folder cannot be created.</exception>
    public static RunInfo Allocate(string root, string? name = DefaultName, string? version = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        CheckPart(name, nameof(name));
        CheckPart(version, nameof(version));
        var parent = string.IsNullOrEmpty(name) ? Path.GetFullPath(root) : Path.Combine(Path.GetFullPath(root), name);
        var experiment = string.IsNullOrEmpty(name) ? Path.GetFileName(parent) : name;
        try
        {
            Directory.CreateDirectory(parent);
            var chosen = string.IsNullOrEmpty(version) ? ClaimNext(parent) : version;
            var directory = Path.Combine(parent, chosen);
            Directory.CreateDirectory(directory);
            return new(directory, experiment, chosen);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MisconfigurationException(
                $"The run folder could not be created under '{parent}': {e.Message} "
                + $"Give a folder that this user may write to and that has free space ({nameof(TrainerOptions)}.{nameof(TrainerOptions.DefaultRootDir)} or the logger's saveDir).", e);
        }
    }

    /// <summary>As <see cref="Allocate(string, string?, string?)"/> with the number of the version: <c>version_{number}</c>.</summary>
    public static RunInfo Allocate(string root, string? name, int version)
        => Allocate(root, name, Prefix + version.ToString(CultureInfo.InvariantCulture));

    private static string ClaimNext(string parent)
    {
        for (var number = Highest(parent) + 1; ; number++)
        {
            var version = Prefix + number.ToString(CultureInfo.InvariantCulture);
            var directory = Path.Combine(parent, version);
            if (!Path.Exists(directory) && TryClaim(directory))
            {
                return version;
            }
        }
    }

    private static bool TryClaim(string directory)
    {
        Directory.CreateDirectory(directory);
        var claim = Path.Combine(directory, ClaimFile);
        try
        {
            using var file = new FileStream(claim, FileMode.CreateNew, FileAccess.Write);
            return true;
        }
        catch (IOException) when (File.Exists(claim))
        {
            return false;
        }
    }

    private static long Highest(string parent)
    {
        var highest = -1L;
        foreach (var entry in Directory.EnumerateFileSystemEntries(parent, Prefix + "*"))
        {
            var digits = Path.GetFileName(entry.AsSpan())[Prefix.Length..];
            // a number that does not fit is somebody's own name and is not counted
            if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > highest)
            {
                highest = number;
            }
        }

        return highest;
    }

    private static void CheckPart(string? part, string argument)
    {
        if (part is null)
        {
            return;
        }

        if (part.Contains('\0') || Path.IsPathRooted(part) || part.Split('/', '\\').Any(piece => piece is ".." or "."))
        {
            throw new ArgumentException(
                $"The {argument} of a run becomes a folder below the root: expected a relative name without '..', received '{TextEscape.ForConsole(part)}'.",
                argument);
        }
    }
}
