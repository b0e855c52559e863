using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Tests.Support;
using LightningSharp.Tuning;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Callbacks;

public class BatchSizeFinderTests
{
    private static readonly BatchSizeScaleOptions Few = new() { StepsPerTrial = 2, MaxVal = 8, InitVal = 2 };

    [Theory]
    [InlineData(Stage.Validate)]
    [InlineData(Stage.Test)]
    [InlineData(Stage.Predict)]
    public void It_searches_at_the_start_of_every_entry_point_and_the_run_uses_what_it_found(Stage stage)
    {
        var (finder, data, model) = (new BatchSizeFinder(Few), new Sized(), new TinyModel());
        var trainer = new Trainer(Quiet.Options with { Callbacks = [finder] });
        model.Layer.eval();

        if (stage == Stage.Validate) trainer.Validate(model, data);
        else if (stage == Stage.Test) trainer.Test(model, data);
        else Assert.Equal([8L, 8L, 4L], trainer.Predict(model, data).Select(output => output.size(0)));

        Assert.Equal((8, 8), (finder.OptimalBatchSize, data.BatchSize));
        Assert.Equal([2, 4, 8], data.Asked.Where(size => size > 1).Distinct());
        Assert.Same(trainer, model.Trainer);
        Assert.False(model.Layer.training);
    }

    [Fact]
    public void A_loader_that_was_passed_cannot_be_resized()
    {
        var trainer = new Trainer(Quiet.Options with { Callbacks = [new BatchSizeFinder(Few)] });

        var error = Assert.Throws<MisconfigurationException>(() => trainer.Test(new TinyModel(), ToyData.Batches(8, 4)));

        Assert.Contains("cannot change the batch size of a loader that was passed to Test", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_loaders_are_refused()
    {
        var trainer = new Trainer(Quiet.Options with { Callbacks = [new BatchSizeFinder(Few)] });

        var error = Assert.Throws<MisconfigurationException>(() => trainer.Validate(new TinyModel(), new Sized { HasTwo = true }));

        Assert.Contains("was given 2 loaders of Validate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_inside_Fit_takes_the_size_that_training_found()
    {
        var (finder, data) = (new BatchSizeFinder(Few), new Sized());

        new Trainer(Quiet.Options with { Callbacks = [finder], NumSanityValSteps = 0 }).Fit(new TinyModel(), data);

        Assert.Equal(8, finder.OptimalBatchSize);
        Assert.Equal(8, data.Asked[^1]);
    }

    private sealed class Sized : DataModule<(Tensor X, Tensor Y)>
    {
        public int BatchSize { get; set; } = 1;

        public bool HasTwo { get; init; }

        public List<int> Asked { get; } = [];

        public override IEnumerable<(Tensor X, Tensor Y)> TrainDataLoader() => Loader();

        public override IEnumerable<(Tensor X, Tensor Y)> ValidationDataLoader()
            => HasTwo ? new LoaderGroup<(Tensor X, Tensor Y)> { { "a", Loader() }, { "b", Loader() } } : Loader();

        public override IEnumerable<(Tensor X, Tensor Y)> TestDataLoader() => Loader();

        public override IEnumerable<(Tensor X, Tensor Y)> PredictDataLoader() => Loader();

        private List<(Tensor X, Tensor Y)> Loader()
        {
            Asked.Add(BatchSize);
            return ToyData.Batches(20, BatchSize);
        }
    }
}
