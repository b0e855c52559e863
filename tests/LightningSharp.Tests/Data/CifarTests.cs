using LightningSharp.Data;
using LightningSharp.Data.Formats;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

public sealed class CifarTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cifar-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A file in the real layout whose pixels tell record, colour and place.</summary>
    private static byte[] Records(int count, int labelBytes, int classes)
    {
        var content = new byte[count * (labelBytes + 3072)];
        for (int i = 0; i < count; i++)
        {
            int start = i * (labelBytes + 3072);
            content[start + labelBytes - 1] = (byte)(i % classes);
            for (int pixel = 0; pixel < 3072; pixel++)
                content[start + labelBytes + pixel] = (byte)(i + (pixel / 1024 * 50) + (pixel % 7));
        }

        return content;
    }

    [Fact]
    public void The_test_file_of_Cifar10_is_read_and_normalised_per_colour()
    {
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(Path.Combine(_folder, "cifar-10-batches-bin"));
        File.WriteAllBytes(Path.Combine(_folder, "cifar-10-batches-bin", "test_batch.bin"), Records(10_000, 1, 10));

        using var set = new Cifar10(train: false, root: _folder);
        var (x, y) = new DataLoader<(Tensor X, Tensor Y)>(set, batchSize: 12).First();

        Assert.Equal(10_000, set.Count);
        Assert.Equal([12L, 3, 32, 32], x.shape);
        Assert.Equal(1L, y[11].ToInt64());
        // pixel 8 of the third plane of record 11: 11 + 100 + (2048 + 8) % 7
        float expected = (float)(((11 + 100 + (2056 % 7)) / 255.0 - 0.4465) / 0.2616);
        Assert.Equal(expected, x[11, 2, 0, 8].ToSingle(), 1e-5f);
    }

    [Fact]
    public void Cifar100_uses_the_fine_label()
    {
        using var scope = NewDisposeScope();
        var (images, labels) = new CifarLayout(2, 100).Split([("train.bin", Records(120, 2, 100))]);
        using var _ = images;
        using var __ = labels;

        Assert.Equal([120L, 3, 32, 32], images.shape);
        Assert.Equal(19, labels.bytes[119]);
    }

    [Fact]
    public void Damaged_files_are_refused()
    {
        var layout = new CifarLayout(1, 10);
        var wrongLabel = Records(2, 1, 10);
        wrongLabel[3073] = 200;

        var cut = Assert.Throws<DataException>(() => layout.Split([("data_batch_1.bin", Records(2, 1, 10)[..^1])]));
        var label = Assert.Throws<DataException>(() => layout.Split([("data_batch_1.bin", wrongLabel)]));

        Assert.Contains("data_batch_1.bin has 6,145 bytes", cut.Message, StringComparison.Ordinal);
        Assert.Contains("label 200 in record 1", label.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_say_where_to_get_them()
    {
        var error = Assert.Throws<DataException>(() => new Cifar100(root: _folder));

        Assert.StartsWith("LS3001 CIFAR-100", error.Message, StringComparison.Ordinal);
        Assert.Contains("kriz/cifar.html", error.Message, StringComparison.Ordinal);
    }
}
