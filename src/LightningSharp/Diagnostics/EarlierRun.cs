using System.Globalization;

namespace LightningSharp.Diagnostics;

/// <summary>What the run before this one left beside it: the record of the newest earlier <c>version_N</c>.</summary>
internal static class EarlierRun
{
    private const string Prefix = "version_";

    public static FlightReport? Report(string folder)
    {
        if (Number(folder) is not { } own || Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)) is not { } parent) return null;
        try
        {
            var newest = Directory.EnumerateDirectories(parent, Prefix + "*").Select(Number).Where(number => number < own).Max();
            return newest is { } number ? FlightRecord.Read(Path.Combine(parent, Prefix + number.ToString(CultureInfo.InvariantCulture))) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // it is a courtesy
        }
    }

    private static int? Number(string folder)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder.AsSpan()));
        return name.StartsWith(Prefix) && int.TryParse(name[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
