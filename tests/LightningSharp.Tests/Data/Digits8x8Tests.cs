using LightningSharp.Data;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace LightningSharp.Tests.Data;

public sealed class Digits8x8Tests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_set_is_the_published_one()
    {
        var (x, y) = new DataLoader<(Tensor X, Tensor Y)>(new Digits8x8(), batchSize: 2000).Single();

        var pixels = x.to(ScalarType.Float64).mul(0.3760).add(0.3053).mul(16);
        long[] labels = y.data<long>().ToArray();

        Assert.Equal([1797L, 1, 8, 8], x.shape);
        Assert.Equal(ScalarType.Float32, x.dtype);
        Assert.Equal([178, 182, 177, 183, 181, 182, 181, 179, 174, 180], Enumerable.Range(0, 10).Select(digit => labels.Count(label => label == digit)));
        Assert.Equal(561718, pixels.round().sum().ToDouble());   // the sum of all numbers of the published table
        Assert.True(pixels.sub(pixels.round()).abs().max().ToDouble() < 1e-4);
        Assert.Equal([0f, 0, 5, 13, 9, 1, 0, 0], pixels[0, 0, 0].round().to(ScalarType.Float32).data<float>().ToArray());   // the first row of the first image, a zero
        Assert.Equal([0L, 1, 2, 3, 4, 5, 6, 7, 8, 9], labels[..10]);
        Assert.Equal([9L, 0, 8, 9, 8], labels[^5..]);
    }

    [Fact]
    public void All_pixels_have_mean_nought_and_deviation_one()
    {
        var (x, _) = new DataLoader<(Tensor X, Tensor Y)>(new Digits8x8(), batchSize: 2000).Single();

        // the constants have four digits
        Assert.Equal(0, x.mean().ToDouble(), 1e-3);
        Assert.Equal(1, x.std(false).ToDouble(), 1e-3);
    }

    [Fact]
    public void The_two_parts_are_the_whole()
    {
        static long[] Labels(bool? train) => [.. new DataLoader<(Tensor X, Tensor Y)>(new Digits8x8(train), batchSize: 100).SelectMany(batch => batch.Y.data<long>().ToArray())];

        Assert.Equal(1437, new Digits8x8(train: true).Count);
        Assert.Equal(360, new Digits8x8(train: false).Count);
        Assert.Equal(Labels(null), (long[])[.. Labels(true), .. Labels(false)]);
    }

    [Fact]
    public void The_data_module_needs_nothing_and_a_small_network_learns_it()
    {
        manual_seed(1);
        var model = new Small();
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 12 });

        trainer.Fit(model, new Digits8x8DataModule(batchSize: 32, seed: 1));

        var result = trainer.Test(model, new Digits8x8DataModule(batchSize: 360));
        Assert.InRange(result["accuracy"], 0.88, 1);
    }

    private sealed class Small : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly TorchSharp.Modules.Linear first = nn.Linear(64, 32);
        private readonly TorchSharp.Modules.Linear second = nn.Linear(32, 10);

        public override Tensor forward(Tensor x) => second.call(F.relu(first.call(x.flatten(1))));

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => F.cross_entropy(call(batch.X), batch.Y);

        public override void TestStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("accuracy", call(batch.X).argmax(1).eq(batch.Y).to(ScalarType.Float32).mean());

        public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters().ToArray(), 3e-3);
    }
}
