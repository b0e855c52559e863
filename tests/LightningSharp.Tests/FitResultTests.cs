using LightningSharp.Tests.Support;

namespace LightningSharp.Tests;

public class FitResultTests
{
    [Fact]
    public void A_result_says_itself_in_one_line()
    {
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 2 });

        var result = trainer.Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(8, 4));
        var evaluation = trainer.Validate(new TinyModel(), ToyData.Batches(8, 4));

        Assert.StartsWith("MaxEpochs (MaxEpochs) after 2 epochs, 4 steps: loss ", result.ToString(), StringComparison.Ordinal);
        Assert.Contains(", val_loss ", result.ToString(), StringComparison.Ordinal);
        Assert.Equal("2 epochs of loss, val_loss", result.History.ToString());
        Assert.StartsWith("val_loss 0.", evaluation.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', result.ToString());
    }

    [Fact]
    public void A_misspelt_metric_is_answered_with_those_that_there_are()
    {
        var result = new Trainer(Quiet.Options).Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(8, 4));

        Assert.Contains("Available: loss, val_loss. Did you mean 'val_loss'?", Assert.Throws<KeyNotFoundException>(() => result.Metrics["val_los"]).Message, StringComparison.Ordinal);
        Assert.Contains("Available: loss, val_loss. Did you mean 'val_loss'?", Assert.Throws<KeyNotFoundException>(() => result.History["val_los"]).Message, StringComparison.Ordinal);
        Assert.True(result.Metrics.ContainsKey("loss"));
    }
}
