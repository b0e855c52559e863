using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

public sealed class MnistTests
{
    [Fact]
    public void Test_set_has_the_published_labels_and_the_pixels_of_the_file()
    {
        using var set = new Mnist(train: false);

        byte[] first = set.Labels.bytes[..8].ToArray();

        Assert.Equal(10_000, set.Count);
        Assert.Equal([7, 2, 1, 0, 4, 1, 4, 9], first);   // the first test digits, known from any view of the set
        Assert.Equal([10_000L, 28, 28], set.Images.shape);
    }

    [Fact]
    public void Kmnist_reads_files_of_the_same_layout_and_says_where_to_get_them()
    {
        using var scope = NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory("kmnist-").FullName;
        try
        {
            var missing = Assert.ThrowsAny<Exception>(() => new Kmnist(root: folder));
            Directory.CreateDirectory(Path.Combine(folder, "kmnist"));
            foreach (var file in Directory.GetFiles(Path.Combine(Support.Repository.Root, "data", "mnist"), "t10k*.gz")) File.Copy(file, Path.Combine(folder, "kmnist", Path.GetFileName(file)));
            using var set = new Kmnist(train: false, root: folder);
            var (x, _) = new DataLoader<(Tensor X, Tensor Y)>(set, batchSize: 1).First();

            Assert.Contains("codh.rois.ac.jp", missing.Message, StringComparison.Ordinal);
            Assert.Equal(10_000, set.Count);
            Assert.Equal(-0.1918f / 0.3483f, x[0, 0, 0, 0].ToSingle(), 1e-5f); // a black corner
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Batches_are_normalised_as_ToTensor_and_Normalize_do()
    {
        using var scope = NewDisposeScope();
        using var set = new Mnist(train: false);
        var (x, y) = new DataLoader<(Tensor X, Tensor Y)>(set, batchSize: 33).First();

        var expected = set.Images[..33].to(ScalarType.Float32).div(255).sub(0.1307f).div(0.3081f).unsqueeze(1);

        Assert.Equal([33L, 1, 28, 28], x.shape);
        Assert.Equal(ScalarType.Float32, x.dtype);
        Assert.Equal(ScalarType.Int64, y.dtype);
        Assert.Equal(7L, y[0].ToInt64());
        // one multiplication and addition instead of two divisions and a subtraction: a few units in the last place of values up to 2.8
        Assert.True((x - expected).abs().max().ToSingle() < 1e-6f);
    }

    [Fact]
    public void Data_module_gives_the_seeds_batches()
    {
        using var scope = NewDisposeScope();
        var data = new MnistDataModule(batchSize: 2048);
        data.PrepareData();
        data.Setup(Stage.Fit);

        var train = (DataLoader<(Tensor X, Tensor Y)>)data.TrainDataLoader()!;
        var validation = (DataLoader<(Tensor X, Tensor Y)>)data.ValidationDataLoader()!;

        Assert.Equal(30, train.BatchCount);
        Assert.Equal(5, validation.BatchCount);
        Assert.Equal(7L, validation.First().Y[0].ToInt64());   // unshuffled: the file's first label
        Assert.Equal(10_000, data.TestDataLoader()!.Sum(batch => batch.Y.numel()));
        Assert.NotNull(data.PredictDataLoader());
        data.Teardown(Stage.Fit);
    }

    [Fact]
    public void Training_order_differs_from_epoch_to_epoch_and_repeats_with_the_seed()
    {
        using var scope = NewDisposeScope();
        using var data = new Mnist(train: false);
        long[] Labels(int epoch)
        {
            var loader = new DataLoader<(Tensor X, Tensor Y)>(data, batchSize: 500, shuffle: true, seed: 3);
            loader.SetEpoch(epoch);
            return loader.First().Y.data<long>().ToArray();
        }

        Assert.Equal(Labels(1), Labels(1));
        Assert.NotEqual(Labels(1), Labels(2));
    }
}
