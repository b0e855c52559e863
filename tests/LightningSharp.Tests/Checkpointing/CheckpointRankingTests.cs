using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using TorchSharp;

namespace LightningSharp.Tests.Checkpointing;

public class CheckpointRankingTests
{
    [Theory]
    [InlineData(MonitorMode.Min, "b", "a", 3.0)]
    [InlineData(MonitorMode.Max, "a", "b", 1.0)]
    public void The_best_and_the_worst_of_the_kept_depend_on_the_mode(MonitorMode mode, string best, string worst, double kth)
    {
        var ranking = Of(mode, 2, ("a", 3), ("b", 1));

        Assert.Equal((best, worst, kth), (ranking.BestPath, ranking.WorstPath, ranking.KthValue));
        Assert.Equal(mode == MonitorMode.Min ? 1.0 : 3.0, ranking.BestScore);
        Assert.Equal(("b", 1.0), (ranking.LatestPath, ranking.CurrentScore));
    }

    [Theory]
    [InlineData(MonitorMode.Min, 2.9, true)]
    [InlineData(MonitorMode.Min, 3.0, false)] // an equal score displaces nothing
    [InlineData(MonitorMode.Min, 3.1, false)]
    [InlineData(MonitorMode.Max, 1.1, true)]
    [InlineData(MonitorMode.Max, 1.0, false)]
    [InlineData(MonitorMode.Max, 0.9, false)]
    [InlineData(MonitorMode.Min, double.NaN, false)]
    [InlineData(MonitorMode.Max, double.NaN, false)]
    public void A_full_list_takes_only_what_is_better_than_its_worst(MonitorMode mode, double score, bool expected)
        => Assert.Equal(expected, Of(mode, 2, ("a", 3), ("b", 1)).IsAmongBest(score));

    [Fact]
    public void A_list_that_is_not_full_takes_anything_and_one_without_end_too()
    {
        var open = Of(MonitorMode.Min, 3, ("a", 3), ("b", 1));
        var endless = Of(MonitorMode.Min, -1, ("a", 3), ("b", 1));

        Assert.True(open.IsAmongBest(99));
        Assert.True(endless.IsAmongBest(99));
        Assert.Null(open.MakeRoom());
        Assert.Null(endless.MakeRoom());
        Assert.Equal(2, endless.Kept.Count);
    }

    [Fact]
    public void Nothing_is_kept_of_none()
    {
        var ranking = Of(MonitorMode.Min, 0);

        Assert.False(ranking.IsAmongBest(0));
        Assert.Null(ranking.MakeRoom());
    }

    [Fact]
    public void The_worst_makes_room_and_of_equal_ones_the_oldest()
    {
        var ranking = Of(MonitorMode.Min, 3, ("a", 1), ("b", 3), ("c", 3));

        var gone = ranking.MakeRoom();
        ranking.Add("d", 2);

        Assert.Equal("b", gone);
        Assert.Equal(["a", "c", "d"], ranking.Kept.Keys.Order());
        Assert.Equal(("a", "c", 3.0), (ranking.BestPath, ranking.WorstPath, ranking.KthValue));
    }

    [Fact]
    public void Of_equal_scores_the_oldest_is_the_best()
        => Assert.Equal("a", Of(MonitorMode.Max, 3, ("a", 1), ("b", 1), ("c", 1)).BestPath);

    [Theory]
    [InlineData(MonitorMode.Min, double.PositiveInfinity)]
    [InlineData(MonitorMode.Max, double.NegativeInfinity)]
    public void Not_a_number_is_the_worst_there_is(MonitorMode mode, double expected)
    {
        var ranking = Of(mode, 1, ("a", double.NaN));

        Assert.Equal((expected, expected), (ranking.CurrentScore, ranking.Kept["a"]));
        Assert.True(ranking.IsAmongBest(0));
    }

    [Theory]
    [InlineData(MonitorMode.Min, double.PositiveInfinity)]
    [InlineData(MonitorMode.Max, double.NegativeInfinity)]
    public void Before_the_list_is_full_anything_beats_its_last(MonitorMode mode, double expected)
    {
        var ranking = Of(mode, 2, ("a", 1));

        Assert.Equal(expected, ranking.KthValue);
        Assert.Null(ranking.WorstPath);
    }

    [Fact]
    public void Another_mode_ranks_anew()
    {
        var ranking = Of(MonitorMode.Min, 2, ("a", 3), ("b", 1));

        ranking.Configure(MonitorMode.Max, 2);

        Assert.Equal(("a", "b"), (ranking.BestPath, ranking.WorstPath));
    }

    [Fact]
    public void A_save_that_fails_is_taken_back_altogether()
    {
        var ranking = Of(MonitorMode.Min, 2, ("a", 3), ("b", 1));
        var before = Text(ranking);
        var back = ranking.Remember();
        ranking.MakeRoom();
        ranking.Add("c", 0.5);
        var between = Text(ranking);

        back();

        Assert.NotEqual(before, between);
        Assert.Equal(before, Text(ranking));
    }

    [Fact]
    public void A_state_comes_back_as_it_was()
    {
        using var scope = torch.NewDisposeScope();
        var ranking = Of(MonitorMode.Min, 2, ("a", 3), ("b", 1));
        var state = ranking.StateDict("val_loss", "/runs");
        var again = Of(MonitorMode.Min, 2, ("old", 0));

        again.LoadStateDict(state, everything: true);

        Assert.Equal(("val_loss", "/runs", "b", "a"), (state["monitor"], state["dirpath"], state["best_model_path"], state["kth_best_model_path"]));
        Assert.Equal(["a", "b"], again.Kept.Keys.Order());
        Assert.Equal(("b", 1.0, "a", 3.0, 1.0), (again.BestPath, again.BestScore, again.WorstPath, again.KthValue, again.CurrentScore));
        Assert.Equal("b", again.LatestPath);
    }

    [Fact]
    public void Of_the_state_of_another_folder_only_the_best_path_is_taken()
    {
        using var scope = torch.NewDisposeScope();
        var again = Of(MonitorMode.Min, 2, ("own", 5));

        again.LoadStateDict(Of(MonitorMode.Min, 2, ("a", 3)).StateDict("val_loss", "/elsewhere"), everything: false);

        Assert.Equal(("a", "own"), (again.BestPath, again.LatestPath));
        Assert.Equal(["own"], again.Kept.Keys);
    }

    [Fact]
    public void An_empty_state_is_empty_again()
    {
        using var scope = torch.NewDisposeScope();
        var state = Of(MonitorMode.Min, 2).StateDict(null, null);
        var again = Of(MonitorMode.Min, 2, ("own", 5));

        again.LoadStateDict(state, everything: true);

        Assert.Equal(("", null), (state["best_model_path"], state["best_model_score"]));
        Assert.Empty(again.Kept);
        Assert.Equal((null, null, null), (again.BestPath, again.BestScore, again.LatestPath));
    }

    [Fact]
    public void A_count_of_steps_is_kept_where_a_float_would_round_it()
    {
        using var scope = torch.NewDisposeScope();
        var steps = Of(MonitorMode.Max, 1, ("a", 16_777_217)).StateDict(null, null);
        var loss = Of(MonitorMode.Max, 1, ("a", 0.1)).StateDict(null, null);

        Assert.Equal(16_777_217, ((torch.Tensor)steps["best_model_score"]!).ToDouble());
        Assert.Equal(torch.ScalarType.Float32, ((torch.Tensor)loss["best_model_score"]!).dtype);
    }

    [Fact]
    public void Nothing_is_left_after_clearing()
    {
        var ranking = Of(MonitorMode.Min, 1, ("a", 3));

        ranking.Clear();

        Assert.Empty(ranking.Kept);
        Assert.Equal((null, null, null, null, null, double.PositiveInfinity), (ranking.BestPath, ranking.BestScore, ranking.WorstPath, ranking.CurrentScore, ranking.LatestPath, ranking.KthValue));
    }

    private static string Text(CheckpointRanking ranking)
        => FormattableString.Invariant($"{string.Join(' ', ranking.Kept.OrderBy(entry => entry.Key, StringComparer.Ordinal))} {ranking.BestPath} {ranking.BestScore} {ranking.WorstPath} {ranking.KthValue} {ranking.CurrentScore} {ranking.LatestPath}");

    private static CheckpointRanking Of(MonitorMode mode, int k, params (string Path, double Score)[] files)
    {
        var ranking = new CheckpointRanking();
        ranking.Configure(mode, k);
        foreach (var (path, score) in files) ranking.Add(path, score);
        return ranking;
    }
}
