using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

public sealed class CombinedLoaderTests
{
    private static readonly string[] Letters = ["a", "b"];
    private static readonly int[] Numbers = [1, 2, 3];

    private static string Text<T>(IEnumerable<T> batches) => string.Join(" ", batches);

    [Theory]
    [InlineData(CombinedMode.MinSize, 2, "(1, a) (2, b)")]
    [InlineData(CombinedMode.MaxSizeCycle, 3, "(1, a) (2, b) (3, a)")]
    [InlineData(CombinedMode.MaxSize, 3, "(1, a) (2, b) (3, )")]
    [InlineData(CombinedMode.Sequential, 5, "(1, ) (2, ) (3, ) (0, a) (0, b)")]
    public void Each_mode_ends_and_fills_as_it_says(CombinedMode mode, int count, string expected)
    {
        var loader = CombinedLoader.Zip(Numbers, Letters, mode);

        Assert.Equal(count, loader.BatchCount);
        Assert.Equal(expected, Text(loader));
        Assert.Equal(expected, Text(loader));   // a second epoch is the same
    }

    [Fact]
    public void Indices_restart_with_each_loader_in_sequence_only()
    {
        var sequence = CombinedLoader.List<int>([Numbers, Numbers], CombinedMode.Sequential).Indexed().Select(step => (step.BatchIndex, step.LoaderIndex));
        var inStep = CombinedLoader.List<int>([Numbers, Numbers]).Indexed().Select(step => (step.BatchIndex, step.LoaderIndex));

        Assert.Equal([(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)], sequence);
        Assert.Equal([(0, 0), (1, 0), (2, 0)], inStep);
    }

    [Fact]
    public void Limits_bound_each_loader_in_sequence_and_the_length_otherwise()
    {
        Assert.Equal("(1, ) (0, a) (0, b)", Text(CombinedLoader.Zip(Numbers, Letters, CombinedMode.Sequential, [1, 5])));
        Assert.Equal("(1, a) (2, b)", Text(CombinedLoader.Zip(Numbers, Letters, CombinedMode.MaxSizeCycle, [1, 2])));
        Assert.Throws<ArgumentException>(() => CombinedLoader.Zip(Numbers, Letters, CombinedMode.MinSize, [1]));
    }

    [Fact]
    public void In_sequence_the_next_loader_is_not_touched_before_its_turn()
    {
        bool touched = false;
        IEnumerable<string> Second()
        {
            touched = true;
            yield return "x";
        }

        using var batches = CombinedLoader.Zip(Numbers, Second(), CombinedMode.Sequential).GetEnumerator();
        for (int i = 0; i < 3; i++)
            batches.MoveNext();

        Assert.False(touched);
        Assert.True(batches.MoveNext());
        Assert.True(touched);
    }

    [Fact]
    public void Without_a_known_length_there_is_none()
    {
        Assert.Null(CombinedLoader.Zip(Numbers, Letters.Where(letter => letter.Length > 0)).BatchCount);
    }

    [Fact]
    public void An_empty_loader_cannot_be_repeated()
    {
        var error = Assert.Throws<DataException>(() => Text(CombinedLoader.Zip(Numbers, Array.Empty<string>(), CombinedMode.MaxSizeCycle)));

        Assert.Contains("Loader 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_mode_and_no_loader_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CombinedLoader.Zip(Numbers, Letters, (CombinedMode)9));
        Assert.Throws<ArgumentException>(() => CombinedLoader.List<int>([]));
    }

    [Theory]
    [InlineData(CombinedMode.MinSize)]
    [InlineData(CombinedMode.MaxSizeCycle)]
    [InlineData(CombinedMode.MaxSize)]
    [InlineData(CombinedMode.Sequential)]
    public void A_saved_position_goes_on_with_what_was_left(CombinedMode mode)
    {
        using var scope = NewDisposeScope();
        CombinedLoader<(Tensor? First, string? Second)> Loader() => CombinedLoader.Zip(
            new DataLoader<Tensor>(Dataset.From(7, i => (float)i), batchSize: 1, shuffle: true, seed: 5), new[] { "a", "b", "c" }, mode);
        static string[] Show(IEnumerable<(Tensor? First, string? Second)> batches) =>
            [.. batches.Select(batch => (batch.First is null ? "-" : batch.First[0].ToSingle().ToString()) + batch.Second)];
        var whole = Loader();
        whole.SetEpoch(1);
        string[] expected = Show(whole);
        for (int at = 1; at <= expected.Length; at++)
        {
            var first = Loader();
            first.SetEpoch(1);
            string[] before = Show(first.Take(at));
            var second = Loader();
            second.LoadStateDict(first.StateDict());
            second.SetEpoch(1);

            string[] all = [.. before, .. Show(second)];

            Assert.Equal(expected, all);
        }
    }
}
