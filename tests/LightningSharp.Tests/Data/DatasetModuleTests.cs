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
}
