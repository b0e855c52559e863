namespace LightningSharp.Documentation.Tests;

/// <summary>One C# block of a page, and the line on which it begins.</summary>
internal sealed record PageBlock(int Line, string Text)
{
    public static IEnumerable<PageBlock> Of(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].TrimEnd() != "```csharp") continue;
            var start = i + 1;
            while (lines[++i].TrimEnd() != "```")
            {
                // to the end of the block
            }

            // Three dots stand for what the reader has there.
            yield return new(start, string.Join('\n', lines[start..i]).Replace("{ … }", "{ }", StringComparison.Ordinal));
        }
    }
}
