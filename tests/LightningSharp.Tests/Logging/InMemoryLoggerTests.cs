using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public class InMemoryLoggerTests
{
    [Fact]
    public void Rows_are_copies_and_a_series_picks_one_name()
    {
        var logger = new InMemoryLogger();
        var reused = new Dictionary<string, double> { ["a"] = 1 };

        logger.LogMetrics(reused, 0);
        reused["a"] = 2;
        logger.LogMetrics(reused, 1);
        logger.LogMetrics(new Dictionary<string, double> { ["b"] = 3 }, 1);

        Assert.Equal([(0L, 1.0), (1L, 2.0)], logger.Series("a"));
        Assert.Equal(3, logger.Rows.Count);
    }

    [Fact]
    public void Rewinding_drops_what_came_at_the_step_or_later()
    {
        var logger = new InMemoryLogger();
        for (var step = 0; step < 4; step++)
        {
            logger.LogMetrics(new Dictionary<string, double> { ["a"] = step }, step);
            logger.LogText("t", "x", step);
        }

        logger.RewindTo(2);

        Assert.Equal([0, 1], logger.Rows.Select(r => r.Step));
        Assert.Equal([0, 1], logger.Items.Select(i => i.Step));
    }
}
