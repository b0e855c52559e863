namespace LightningSharp.Logging;

/// <summary>How <see cref="CsvLogger"/> writes names and numbers, for programs that read its files.</summary>
public static class CsvNames
{
    /// <summary>The names in a header line, unquoted and without the apostrophe that keeps spreadsheets from running them.</summary>
    public static IReadOnlyList<string> Of(string headerLine)
    {
        ArgumentNullException.ThrowIfNull(headerLine);
        return CsvCell.Split(headerLine.TrimEnd('\r', '\n')).ConvertAll(CsvCell.NameOf);
    }

    /// <summary>Reads a number, <c>nan</c>, <c>inf</c> or <c>-inf</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> cell, out double value) => CsvCell.TryParse(cell, out value);
}
