using LightningSharp.Callbacks;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Loops;

/// <summary>Whole validations before the first step and after the last one (behaviour W20).</summary>
public class ValidationAtStartAndEndTests
{
    [Fact]
    public void At_the_start_the_untrained_model_is_validated_and_its_values_are_logged_at_step_zero()
    {
        var memory = new InMemoryLogger();
        var seen = new List<(long Step, int Losses)>();
        var model = new TinyModel();
        var record = new LambdaCallback(onValidationEnd: c => seen.Add((c.Trainer.GlobalStep, model.Losses.Count)));
        using var folder = new Support.TempFolder();

        new Trainer(Quiet.Options with { ValidateAtStart = true, MaxEpochs = 2, Loggers = [memory], DefaultRootDir = folder.Path, Callbacks = [record], NumSanityValSteps = 0 })
            .Fit(model, ToyData.Batches(8, 4), ToyData.Batches(8, 4));

        Assert.Equal([(0L, 0), (2L, 2), (4L, 4)], seen);
        var values = memory.Series("val_loss");
        Assert.Equal(3, values.Count);
        Assert.Equal(0, values[0].Step);
        Assert.Equal(Untrained(), values[0].Value, 1e-6);
    }

    [Fact]
    public void A_run_that_goes_on_does_not_validate_at_its_start_again()
    {
        using var folder = new Support.TempFolder();
        var options = Quiet.Options with { ValidateAtStart = true, NumSanityValSteps = 0 };
        var first = new Trainer(options);
        first.Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(4, 4));
        var file = System.IO.Path.Combine(folder.Path, "a.ckpt");
        first.SaveCheckpoint(file);
        var steps = new List<long>();

        new Trainer(options with { MaxEpochs = 2, Callbacks = [new LambdaCallback(onValidationEnd: c => steps.Add(c.Trainer.GlobalStep))] })
            .Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(4, 4), resume: Resume.From(file));

        Assert.Equal([4L], steps);
    }

    [Theory]
    [InlineData(1, null, 1)] // due anyhow: once, not twice
    [InlineData(10, null, 1)]
    [InlineData(10, 3, 1)]
    public void At_the_end_the_trained_model_is_validated_once_whatever_limit_ends_the_run(int everyEpochs, int? maxSteps, int last)
    {
        var steps = new List<long>();
        var options = Quiet.Options with
        {
            ValidateAtEnd = true, MaxEpochs = maxSteps is null ? 1 : -1, MaxSteps = maxSteps ?? -1, CheckValEveryNEpoch = everyEpochs, NumSanityValSteps = 0,
            Callbacks = [new LambdaCallback(onValidationEnd: c => steps.Add(c.Trainer.GlobalStep))],
        };

        var result = new Trainer(options).Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(4, 4));

        Assert.Equal(last, steps.Count);
        Assert.Equal(result.Progress.GlobalStep, steps[^1]);
        Assert.True(result.Metrics.ContainsKey("val_loss"));
    }

    [Fact]
    public void At_the_end_means_also_the_batch_after_which_someone_stops_the_run()
    {
        var steps = new List<long>();
        var options = Quiet.Options with
        {
            ValidateAtEnd = true, MaxEpochs = 5, CheckValEveryNEpoch = 10, NumSanityValSteps = 0,
            Callbacks = [new LambdaCallback(onTrainBatchEnd: c => StopAt(c.Trainer, 3), onValidationEnd: c => steps.Add(c.Trainer.GlobalStep))],
        };

        new Trainer(options).Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(4, 4));

        Assert.Equal([3L], steps);
    }

    [Fact]
    public void Without_the_options_nothing_is_validated_out_of_turn()
    {
        var count = 0;

        new Trainer(Quiet.Options with { CheckValEveryNEpoch = 10, NumSanityValSteps = 0, Callbacks = [new LambdaCallback(onValidationEnd: _ => count++)] })
            .Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(4, 4));

        Assert.Equal(0, count);
    }

    private static void StopAt(Trainer trainer, long step)
    {
        if (trainer.GlobalStep == step) trainer.Stop("enough");
    }

    private static double Untrained()
    {
        using var scope = NewDisposeScope();
        var model = new TinyModel();
        using var noGrad = no_grad();
        return ToyData.Batches(8, 4).Select(batch => nn.functional.mse_loss(model.call(batch.X), batch.Y).ToSingle()).Average();
    }
}
