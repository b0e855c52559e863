using System.Text.RegularExpressions;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Reliability;

public partial class RowsTests
{
    [Fact]
    public void Every_test_that_the_table_of_rows_names_exists()
    {
        var table = File.ReadAllText(Path.Combine(Repository.Root, "tests", "LightningSharp.Tests", "Reliability", "ROWS.md"));
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories).ToLookup(file => Path.GetFileNameWithoutExtension(file));
        var named = Named().Matches(table);

        Assert.True(named.Count > 60, $"{named.Count}");
        foreach (Match match in named)
        {
            var (type, method) = (match.Groups[1].Value, match.Groups[2].Value);
            Assert.True(sources.Contains(type), $"There is no {type}.cs.");
            Assert.True(sources[type].Any(file => method.Length == 0 || File.ReadAllText(file).Contains(" " + method, StringComparison.Ordinal)), $"{type} has no test that begins with '{method}'.");
        }
    }

    [GeneratedRegex(@"`(?:[A-Za-z.]+/)?([A-Z][A-Za-z]+Tests)(?:\.([A-Z][A-Za-z0-9_]+))?…?`")]
    private static partial Regex Named();
}
