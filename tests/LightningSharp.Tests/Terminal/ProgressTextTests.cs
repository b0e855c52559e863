using LightningSharp.Callbacks;
using LightningSharp.Terminal;

namespace LightningSharp.Tests.Terminal;

public sealed class ProgressTextTests
{
    [Fact]
    public void The_live_line_at_80_columns_has_bar_pace_and_loss()
    {
        var lines = ProgressText.Lines(Training(), 79, Glyphs.Unicode);

        Assert.Equal([" epoch 2/4 ━━━━━━━──────── 14/30 00:03<00:04 3.90 it/s · loss 0.0861 · data 7%"], Text(lines));
    }

    [Fact]
    public void At_200_columns_there_is_room_for_the_whole_run_and_the_metrics()
    {
        var state = Training();
        state.Metrics = new Dictionary<string, double> { ["val_loss"] = 0.0897, ["val_acc"] = 0.9726 };

        var lines = ProgressText.Lines(state, 199, Glyphs.Unicode);

        Assert.Equal(
            [
                " epoch 2/4 ━━━━━━━━━━━━━━──────────────── 14/30 00:03<00:04 3.90 it/s · run 00:19 left · loss 0.0861 · val_loss 0.0897 · val_acc 0.9726 · data 7%",
            ],
            Text(lines));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(79)]
    [InlineData(199)]
    public void Many_metrics_go_to_the_next_lines_and_end_with_a_sign_that_there_are_more(int width)
    {
        var state = Training();
        state.Metrics = Enumerable.Range(0, 60).ToDictionary(index => $"metric_number_{index}", index => (double)index);

        var lines = ProgressText.Lines(state, width, Glyphs.Unicode);

        Assert.InRange(lines.Count, 2, 4);
        Assert.All(lines.Skip(1), line => Assert.True(line.Width <= width, line.ToString()));
        Assert.True(lines[0].Width <= Math.Max(width, 60), lines[0].ToString());
        if (width < 100) Assert.EndsWith("…", lines[^1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_users_own_training_loss_takes_the_place_of_the_running_one()
    {
        var state = Training();
        state.Metrics = new Dictionary<string, double> { ["train_loss"] = 0.5 };

        var text = ProgressText.Lines(state, 199, Glyphs.Unicode)[0].ToString();

        Assert.DoesNotContain(" loss 0.0861", text, StringComparison.Ordinal);
        Assert.Contains("train_loss 0.5000", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_known_number_of_batches_there_is_no_bar_and_no_remaining_time()
    {
        var state = Training();
        (state.Batches, state.RunRemaining, state.DataShare) = (null, null, 0);

        var lines = ProgressText.Lines(state, 79, Glyphs.Unicode);

        Assert.Equal([" epoch 2/4 14 00:03 3.90 it/s · loss 0.0861"], Text(lines));
    }

    [Fact]
    public void Validation_inside_an_epoch_shows_its_own_bar()
    {
        var state = Training();
        state.Validation = (2, 5, 0);

        var lines = ProgressText.Lines(state, 79, Glyphs.Unicode);

        Assert.Equal([" epoch 2/4 validation ━━━━━━───────── 2/5 · loss 0.0861"], Text(lines));
    }

    [Fact]
    public void The_sanity_check_is_one_dim_line()
    {
        var lines = ProgressText.Lines(new() { Stage = Stage.SanityCheck, Batch = 1, Batches = 2 }, 79, Glyphs.Unicode);

        Assert.Equal([" sanity check ━━━━━━━╸─────── 1/2"], Text(lines));
        Assert.All(lines[0].Pieces.Where(piece => piece.Text.Contains("sanity", StringComparison.Ordinal)), piece => Assert.Equal(Tone.Dim, piece.Tone));
    }

    [Fact]
    public void A_log_file_gets_one_ascii_line()
    {
        var line = ProgressText.Heartbeat(Training(), 120);

        Assert.Equal("epoch 2/4 14/30 (46%) | 00:03<00:04 | 3.90 it/s | loss 0.0861 | data 7%", line.ToString());
    }

    [Fact]
    public void Hostile_names_and_values_cannot_reach_the_terminal()
    {
        var state = Training();
        state.Metrics = new Dictionary<string, double> { ["a\e]0;title\a"] = double.NaN };

        var lines = ProgressText.Lines(state, 199, Glyphs.Unicode);

        Assert.DoesNotContain('\e', lines[0].ToString());
        Assert.Contains("a\\u001b]0;title\\u0007 NaN", lines[0].ToString(), StringComparison.Ordinal);
    }

    private static ProgressState Training() => new()
    {
        Stage = Stage.Fit, Epoch = 2, LastEpoch = 4, Batch = 14, Batches = 30, Elapsed = TimeSpan.FromSeconds(3.59), Rate = 3.9, Loss = 0.0861, DataShare = 0.079,
        RunRemaining = TimeSpan.FromSeconds(19),
    };

    private static IReadOnlyList<string> Text(IReadOnlyList<TextLine> lines) => [.. lines.Select(line => line.ToString())];
}
