using System.Diagnostics;
using LightningSharp.Data;
using LightningSharp.Data.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks;

/// <summary>Loaders, opening a data set, and shuffling, against TorchSharp's.</summary>
internal static class LoaderCases
{
    public static void Tensors(BenchmarkSettings settings)
    {
        var data = new Mnist();
        using var items = new MnistItems(data);
        foreach (var (batch, must) in ((int, double)[])[(64, 1 / 15.0), (2048, 1 / 30.0)])
        {
            Rounds.Header($"loader, MNIST, batch {batch}: a batch");
            using var theirs = new TorchSharp.Modules.DataLoader(items, batch, shuffle: true);
            using var peer = Endless(() => theirs.Select(entry => (entry["data"], entry["label"]))).GetEnumerator();
            foreach (var workers in (int[])[0, 1, 2])
            {
                using var ours = Endless(() => new DataLoader<(Tensor X, Tensor Y)>(data, batch, shuffle: true, workers: workers, seed: 1)).GetEnumerator();
                Rounds.Compare($"loader_tensor, {workers} workers", () => peer.MoveNext(), () => Take(ours), must, settings.Rounds ?? (settings.Quick ? 3 : 9));
            }

            var plain = new DataLoader<(Tensor X, Tensor Y)>(new Items(data), batch, shuffle: true, seed: 1);
            using var own = Endless(() => plain).GetEnumerator();
            Rounds.Compare("loader, items as arrays", () => peer.MoveNext(), () => Take(own), null, settings.Rounds ?? (settings.Quick ? 3 : 9));

            using var spans = Endless(() => new DataLoader<(Tensor X, Tensor Y)>(InPlace(data), batch, shuffle: true, seed: 1)).GetEnumerator();
            Rounds.Compare("loader_item (user's function)", () => peer.MoveNext(), () => Take(spans), 1 / 8.0, settings.Rounds ?? (settings.Quick ? 3 : 9));
        }
    }

    public static void Open(BenchmarkSettings settings)
    {
        Console.WriteLine();
        for (var round = 0; round < (settings.Rounds ?? (settings.Quick ? 1 : 3)); round++)
        {
            var (ours, data) = Timed(() => new Mnist());
            var (theirs, items) = Timed(() => new MnistItems(data));
            var ratio = ours.Milliseconds / (theirs.Milliseconds + ours.Milliseconds);
            Console.WriteLine($"mnist_open: {ratio:0.000} (must 0.20){(ratio > 0.2 ? " MISSED" : "")}: ours {ours.Milliseconds:0} ms, +{ours.Megabytes:0} MB; a tensor per item {theirs.Milliseconds + ours.Milliseconds:0} ms, +{theirs.Megabytes + ours.Megabytes:0} MB");
            items.Dispose();
            data.Dispose();
        }
    }

    public static void Sampler(BenchmarkSettings settings)
    {
        const int count = 10_000_000;
        Rounds.Header("shuffle of 10 million: all indices");
        var sum = 0L;
        var items = new int[1000]; // a batch
        Rounds.Compare(
            "sampler_1e7",
            () =>
            {
                foreach (var index in new TorchSharp.Utils.FisherYatesShuffler(count, 1)) sum += index;
            },
            () =>
            {
                sum += Shuffled(count, items);
            },
            0.2,
            settings.Rounds ?? (settings.Quick ? 1 : 5));
        var before = GC.GetAllocatedBytesForCurrentThread();
        sum += Shuffled(count, items);
        Console.WriteLine($"  bytes allocated by ours: {GC.GetAllocatedBytesForCurrentThread() - before} (checksum {sum})");
    }

    private static long Shuffled(int count, int[] items)
    {
        var (order, sum) = (new Permutation(count, 1, 0), 0L);
        for (var start = 0; start < count; start += items.Length)
        {
            order.Fill(start, items);
            foreach (var item in items) sum += item;
        }

        return sum;
    }

    private static void Take(IEnumerator<(Tensor X, Tensor Y)> batches)
    {
        batches.MoveNext();
        batches.Current.X.Dispose();
        batches.Current.Y.Dispose();
    }

    private static IEnumerable<(Tensor X, Tensor Y)> Endless(Func<IEnumerable<(Tensor X, Tensor Y)>> epoch)
    {
        while (true)
        {
            foreach (var batch in epoch()) yield return batch;
        }
    }

    private static ((double Milliseconds, double Megabytes) Cost, T Value) Timed<T>(Func<T> make)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var (memory, start) = (Environment.WorkingSet, Stopwatch.GetTimestamp());
        var value = make();
        return ((Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Environment.WorkingSet - memory) / 1e6), value);
    }

    /// <summary>As a user writes a fast data set: a function that writes each item's normalised pixels into the batch.</summary>
    private static IDataset InPlace(Mnist mnist)
    {
        byte[] pixels = [.. mnist.Images.bytes], labels = [.. mnist.Labels.bytes];
        const float scale = 1 / (255f * 0.3081f), shift = 0.1307f / 0.3081f;
        return Dataset.From(
            labels.Length,
            [1, 28, 28],
            (int index, Span<float> image) =>
            {
                var source = pixels.AsSpan(index * 784, 784);
                for (var i = 0; i < image.Length; i++) image[i] = (source[i] * scale) - shift;
            },
            index => (long)labels[index]);
    }

    /// <summary>As a user writes a data set: one item at a time, as managed arrays.</summary>
    private sealed class Items : IDataset<(float[] X, long Y)>
    {
        private readonly byte[] _pixels, _labels;

        public Items(Mnist mnist) => (_pixels, _labels) = (mnist.Images.bytes.ToArray(), mnist.Labels.bytes.ToArray());

        public int Count => _labels.Length;

        public (float[] X, long Y) Get(int index)
        {
            var image = new float[784];
            for (var i = 0; i < image.Length; i++) image[i] = ((_pixels[(index * 784) + i] / 255f) - 0.1307f) / 0.3081f;
            return (image, _labels[index]);
        }
    }
}
