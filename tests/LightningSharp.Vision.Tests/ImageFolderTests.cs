using LightningSharp.Data;
using SkiaSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Vision.Tests;

public sealed class ImageFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pictures-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Write(string name, int width, int height, Func<int, int, SKColor> colour)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var bitmap = new SKBitmap(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                bitmap.SetPixel(x, y, colour(x, y));
        }

        using var file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
        return path;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Folders_become_classes_and_pictures_tensors(int workers)
    {
        Write("dog/a.png", 8, 8, (_, _) => new SKColor(255, 0, 51));
        Write("cat/deep/b.PNG", 4, 4, (_, _) => new SKColor(0, 102, 0));
        File.WriteAllText(Path.Combine(_folder, "cat", "notes.txt"), "no picture");

        var set = new ImageFolder(_folder, size: 4);
        var (x, y) = new DataLoader<(Tensor X, Tensor Y)>(set, batchSize: 2, workers: workers).Single();

        Assert.Equal(["cat", "dog"], set.ClassNames);
        Assert.Equal([0L, 1], y.data<long>().ToArray());
        Assert.Equal([2L, 3, 4, 4], x.shape);
        Assert.Equal(0.4f, x[0, 1, 2, 2].ToSingle(), 1e-6f);
        Assert.Equal([1f, 0, 0.2f], x[1, .., 3, 0].data<float>().ToArray());
    }

    [Fact]
    public void The_middle_of_a_wide_picture_is_kept()
    {
        Write("a/wide.png", 12, 4, (x, _) => x is >= 4 and < 8 ? SKColors.White : SKColors.Black);

        var (x, _) = new ImageFolder(_folder, size: 4).Get(0);

        foreach (float value in x)
            Assert.Equal(1f, value);
    }

    [Fact]
    public void Damaged_pictures_are_named()
    {
        string path = Write("a/cut.png", 64, 64, (x, y) => new SKColor((byte)(x * y), (byte)(x * 3), (byte)y));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..300]);
        File.WriteAllText(Path.Combine(_folder, "a", "text.jpg"), "no picture");
        var loader = new DataLoader<(Tensor X, Tensor Y)>(new ImageFolder(_folder, size: 4), workers: 1);

        var cut = Assert.Throws<DataException>(() => loader.Count());
        var text = Assert.Throws<DataException>(() => new ImageFolder(_folder).Get(1));

        Assert.Contains("cut.png", cut.Message, StringComparison.Ordinal);
        Assert.Contains("item 0", cut.Message, StringComparison.Ordinal);
        Assert.Contains("text.jpg", text.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_without_pictures_are_refused()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));

        Assert.Contains("no pictures", Assert.Throws<DataException>(() => new ImageFolder(_folder)).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<DataException>(() => new ImageFolder(_folder + "/none")).Message, StringComparison.Ordinal);
    }
}
