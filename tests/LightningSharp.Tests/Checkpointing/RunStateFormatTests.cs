using LightningSharp.Checkpointing;

namespace LightningSharp.Tests.Checkpointing;

public class RunStateFormatTests
{
    private readonly List<string> _notices = [];

    [Fact]
    public void A_file_of_Python_has_none()
        => Assert.Null(RunStateFormat.Upgrade(null, _notices.Add));

    [Fact]
    public void The_current_version_is_taken_as_it_is()
    {
        var own = new Dictionary<string, object?> { ["format"] = 2L, ["x"] = 1L };

        Assert.Same(own, RunStateFormat.Upgrade(own, _notices.Add));
        Assert.Empty(_notices);
    }

    [Fact]
    public void A_newer_version_is_taken_with_a_notice()
    {
        var own = new Dictionary<string, object?> { ["format"] = 3L };

        Assert.Same(own, RunStateFormat.Upgrade(own, _notices.Add));
        Assert.Contains("format 3, known here up to 2", Assert.Single(_notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_first_version_is_brought_up_without_changing_what_was_read(bool named)
    {
        var own = new Dictionary<string, object?> { ["accumulate_grad_batches"] = 4L };
        if (named) own["format"] = 1L;

        var upgraded = RunStateFormat.Upgrade(own, _notices.Add)!;

        Assert.Equal((2L, 0L, 4L), (upgraded["format"], upgraded["window_origin"], upgraded["accumulate_option"]));
        Assert.DoesNotContain("window_origin", own.Keys);
        Assert.Empty(_notices);
    }
}
