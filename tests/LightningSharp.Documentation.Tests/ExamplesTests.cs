using System.Net;
using System.Text.RegularExpressions;
using LightningSharp.Tests.Support;

namespace LightningSharp.Documentation.Tests;

/// <summary>Whoever copies an example from the tooltip of a type gets code that compiles.</summary>
public partial class ExamplesTests
{
    public static TheoryData<string, string> Comments()
    {
        var data = new TheoryData<string, string>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            foreach (Match example in CommentExample().Matches(File.ReadAllText(path)))
                data.Add(Path.GetFileName(path), WebUtility.HtmlDecode(CommentStart().Replace(example.Groups[1].Value, "")));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Comments))]
    public void An_example_in_a_comment_compiles(string file, string code)
    {
        var errors = Example.Errors(code);

        Assert.True(errors.Count == 0, $"{file}:\n{code}\n{string.Join('\n', errors)}");
    }

    [Fact]
    public void An_example_with_a_name_that_does_not_exist_is_noticed()
        => Assert.Contains(Example.Errors("var trainer = new Trainer(new() { Loggers = [new ReportLogger()] });"), error => error.Contains("ReportLogger", StringComparison.Ordinal));

    [GeneratedRegex(@"<example>(?:\s|///)*<code>(.*?)</code>", RegexOptions.Singleline)]
    private static partial Regex CommentExample();

    [GeneratedRegex(@"^[ \t]*/// ?", RegexOptions.Multiline)]
    private static partial Regex CommentStart();
}
