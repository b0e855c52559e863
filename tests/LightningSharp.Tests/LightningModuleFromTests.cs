using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests;

public class LightningModuleFromTests
{
    [Fact]
    public void A_network_a_loss_and_an_optimizer_train_on_plain_tensors()
    {
        var (x, y) = Data(100);
        var model = LightningModule.From(Linear(4, 1), (o, t) => functional.mse_loss(o, t), p => optim.Adam(p, 0.05), ("mae", (output, target) => (output - target).abs().mean()));

        var result = new Trainer(Quiet.Options with { MaxEpochs = 20, Seed = 1 }).Fit(model, x, y, batchSize: 16, validationSplit: 0.2);

        Assert.True(result.History["val_loss"][^1] < result.History["val_loss"][0] / 2);
        Assert.Equal(100, result.Progress.GlobalStep); // 80 samples are 5 batches
        Assert.Subset(result.Metrics.Keys.ToHashSet(), new HashSet<string> { "loss", "mae", "val_loss", "val_mae" });
    }

    [Fact]
    public void The_split_is_the_end_of_the_data_before_shuffling()
    {
        var x = arange(10, ScalarType.Float32).reshape(10, 1);
        var seen = new List<float>();
        var model = LightningModule.From(Linear(1, 1), (o, t) => functional.mse_loss(o, t), p => optim.SGD(p, 0), ("first", (output, target) => Remember(seen, target)));

        new Trainer(Quiet.Options with { NumSanityValSteps = 0 }).Fit(model, x, x, batchSize: 3, validationSplit: 0.3);

        Assert.Equal([7, 8, 9], seen[7..]);
        Assert.Equal(Enumerable.Range(0, 7).Select(i => (float)i), seen[..7].Order());
    }

    [Fact]
    public void A_loss_module_works_as_well()
    {
        var (x, y) = Data(8);

        var result = new Trainer(Quiet.Options).Fit(LightningModule.From(Linear(4, 1), MSELoss(), p => optim.SGD(p, 0.1)), x, y, validation: (x, y));

        Assert.Contains("val_loss", result.Metrics.Keys);
    }

    [Fact]
    public void Bad_arguments_are_refused_with_their_values()
    {
        var (x, y) = Data(8);
        var trainer = new Trainer(Quiet.Options);
        var model = LightningModule.From(Linear(4, 1), (o, t) => functional.mse_loss(o, t), p => optim.SGD(p, 0.1));

        Assert.Contains("[8, 4]", Assert.Throws<ArgumentException>(() => trainer.Fit(model, x, y[..7])).Message, StringComparison.Ordinal);
        Assert.Contains("batchSize = 0", Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(model, x, y, batchSize: 0)).Message, StringComparison.Ordinal);
        Assert.Contains("validationSplit = 1", Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(model, x, y, validationSplit: 1)).Message, StringComparison.Ordinal);
        Assert.Contains("both", Assert.Throws<ArgumentException>(() => trainer.Fit(model, x, y, validationSplit: 0.5, validation: (x, y))).Message, StringComparison.Ordinal);
        Assert.Contains("'loss'", Assert.Throws<ArgumentException>(() => LightningModule.From(Linear(4, 1), (o, t) => functional.mse_loss(o, t), p => optim.SGD(p, 0.1), ("loss", (o, t) => o))).Message, StringComparison.Ordinal);
    }

    private static Tensor Remember(List<float> seen, Tensor target)
    {
        seen.AddRange(target.data<float>().ToArray());
        return target.mean();
    }

    private static (Tensor X, Tensor Y) Data(int rows)
    {
        var batch = ToyData.Batches(rows, rows)[0];
        return (batch.X, batch.X.sum(1, keepdim: true));
    }
}
