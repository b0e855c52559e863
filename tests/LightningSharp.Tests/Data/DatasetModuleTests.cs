using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

public sealed class DatasetModuleTests
{
    [Fact]
    public void Sets_become_loaders_and_only_training_is_shuffled()
    {
        using var scope = NewDisposeScope();
        var data = new DatasetModule<(Tensor X, Tensor Y)>(train: new TensorDataset(rand(40, 2), arange(40)), validation: new TensorDataset(rand(6, 2), arange(6)), batchSize: 40, seed: 1);

        var train = data.TrainDataLoader()!.Single().Y.data<long>().ToArray();

        Assert.Equal(Enumerable.Range(0, 40).Select(i => (long)i), train.Order());
        Assert.NotEqual(train.Order(), train);
        Assert.Equal([0L, 1, 2, 3, 4, 5], data.ValidationDataLoader()!.Single().Y.data<long>().ToArray());
        Assert.Null(data.TestDataLoader());
        Assert.Equal("DatasetModule(train: 40 items, validation: 6 items)", data.ToString());
    }

    [Fact]
    public void A_stream_trains_in_its_own_order_and_several_named_sets_are_evaluated()
    {
        using var scope = NewDisposeScope();
        static TensorDataset Rows(int count) => new(rand(count, 4), rand(count, 2));
        var data = new DatasetModule<(Tensor X, Tensor Y)>(batchSize: 2)
        {
            TrainStream = Dataset.Stream(_ => Enumerable.Range(0, 6).Select(i => (new float[] { i, 0, 0, 0 }, new float[2])), count: 6),
            ValidationSets = [("clean", Rows(4)), ("noisy", Rows(2))],
            TestSets = [("far", Rows(3))],
        };

        var firsts = data.TrainDataLoader()!.Select(batch => batch.X[0, 0].ToSingle()).ToArray();
        var trainer = new Trainer(Support.Quiet.Options);
        trainer.Fit(new Support.TinyModel(), data);

        Assert.Equal([0f, 2, 4], firsts);
        Assert.Contains("val_loss/clean", trainer.CallbackMetrics.Keys);
        Assert.Contains("val_loss/noisy", trainer.CallbackMetrics.Keys);
        Assert.True(trainer.Test(new Support.TinyModel(), data).Count == 1);
        Assert.Equal("DatasetModule(train: a stream of 6 items, validation clean: 4 items, validation noisy: 2 items, test far: 3 items)", data.ToString());
    }
}
