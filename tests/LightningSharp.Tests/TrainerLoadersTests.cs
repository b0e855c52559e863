using System.Collections;
using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests;

/// <summary>TP7: the loaders that the user gave are there for hooks and callbacks, as the objects that they are.</summary>
public class TrainerLoadersTests
{
    [Fact]
    public void The_loaders_of_a_fit_are_the_very_objects_that_were_passed()
    {
        var (train, validation) = (ToyData.Batches(8, 4), ToyData.Batches(4, 4));
        var seen = new List<(IEnumerable? Train, IEnumerable? Validation)>();
        var trainer = new Trainer(Quiet.Options with { Callbacks = [new LambdaCallback(onTrainStart: c => seen.Add((c.Trainer.TrainDataLoader, c.Trainer.ValidationDataLoaders)))] });
        Assert.Null(trainer.TrainDataLoader);

        trainer.Fit(new TinyModel(), train, validation);

        var (first, second) = Assert.Single(seen);
        Assert.Same(train, first);
        Assert.Same(validation, second);
        Assert.Same(train, trainer.TrainDataLoader);
    }

    [Fact]
    public void Several_loaders_are_the_group_that_was_given_and_each_entry_point_has_its_own()
    {
        var group = new LoaderGroup<(Tensor X, Tensor Y)> { { "a", ToyData.Batches(4, 4) }, { "b", ToyData.Batches(8, 4) } };
        var (test, predict) = (ToyData.Batches(4, 2), ToyData.Batches(4, 4));
        var trainer = new Trainer(Quiet.Options);
        using var model = new TinyModel();

        trainer.Validate(model, group);
        trainer.Test(model, test);
        foreach (var output in trainer.Predict(model, predict)) output.Dispose();

        Assert.Same(group, trainer.ValidationDataLoaders);
        Assert.Same(test, trainer.TestDataLoaders);
        Assert.Same(predict, trainer.PredictDataLoaders);
        Assert.Null(trainer.TrainDataLoader);
    }

    [Fact]
    public void A_loader_of_an_earlier_run_does_not_pass_for_one_of_this_run()
    {
        var trainer = new Trainer(Quiet.Options);
        trainer.Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(4, 4));
        trainer.MaxEpochs = 2;
        var train = ToyData.Batches(8, 4);

        trainer.Fit(new TinyModel(), train);

        Assert.Same(train, trainer.TrainDataLoader);
        Assert.Null(trainer.ValidationDataLoaders);
    }

    [Fact]
    public void Loaders_that_are_made_anew_in_every_epoch_are_those_of_the_epoch()
    {
        using var model = new MakesLoaders();
        var seen = new List<IEnumerable?>();
        var callback = new LambdaCallback(onTrainEpochStart: c => seen.Add(c.Trainer.TrainDataLoader));

        new Trainer(Quiet.Options with { MaxEpochs = 2, ReloadDataloadersEveryNEpochs = 1, Callbacks = [callback] }).Fit(model);

        Assert.Equal(2, model.Made.Count);
        Assert.Equal(model.Made, seen);
    }

    private sealed class MakesLoaders : TinyModel
    {
        public List<IEnumerable?> Made { get; } = [];

        public override IEnumerable<(Tensor X, Tensor Y)>? TrainDataLoader()
        {
            var loader = ToyData.Batches(8, 4);
            Made.Add(loader);
            return loader;
        }
    }
}
