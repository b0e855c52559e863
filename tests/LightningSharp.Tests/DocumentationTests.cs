using System.Reflection;
using System.Text.RegularExpressions;
using static TorchSharp.torch;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests;

public partial class DocumentationTests
{
    private static readonly string Loop = File.ReadAllText(Path.Combine(Repository.Root, "docs", "the-loop.md"));

    [Fact]
    public void Every_hook_of_a_callback_stands_in_the_loop()
    {
        var hooks = typeof(Callback).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(method => method.IsVirtual && !method.IsSpecialName).Select(method => method.Name);

        Assert.All(hooks, hook => Assert.Contains(hook, Loop, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_name_in_the_loop_exists()
    {
        var members = new[] { typeof(Callback), typeof(LightningModule<Tensor>), typeof(DataModule<Tensor>), typeof(Trainer) }
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.FlattenHierarchy)).Select(method => method.Name).ToHashSet();
        var names = Line().Matches(Loop).Select(match => match.Groups[1].Value).ToList();

        Assert.True(names.Count > 40);
        Assert.All(names, name => Assert.Contains(name, members));
    }

    [GeneratedRegex(@"^\s+([A-Z][A-Za-z]+) \([cmd ]", RegexOptions.Multiline)]
    private static partial Regex Line();
}
