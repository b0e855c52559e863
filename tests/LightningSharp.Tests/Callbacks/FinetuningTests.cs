using LightningSharp.Callbacks;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests.Callbacks;

public class FinetuningTests
{
    [Fact]
    public void The_backbone_stands_still_first_and_then_trains_with_its_own_learning_rate()
    {
        var model = new Backboned();
        var rates = new List<double[]>();
        var weights = new List<float[]>();
        var watch = new LambdaCallback(
            onTrainBatchStart: c => rates.Add([.. c.Trainer.Optimizers[0].Optimizer.ParamGroups.Select(group => Math.Round(group.LearningRate, 6))]),
            onTrainEpochEnd: _ => weights.Add(model.Backbone.weight!.data<float>().ToArray()));

        new Trainer(Quiet.Options with { MaxEpochs = 6, Callbacks = [new BackboneFinetuning(unfreezeBackboneAtEpoch: 1), watch] }).Fit(model, ToyData.Batches(2, 2));

        Assert.Equal([[0.1], [0.1, 0.01], [0.1, 0.02], [0.1, 0.04], [0.1, 0.08], [0.1, 0.1]], rates);
        Assert.Equal(model.Start, weights[0]);
        Assert.NotEqual(weights[0], weights[1]);
    }

    [Theory]
    [InlineData("2ep", 2)]
    [InlineData("3st", 2)] // two steps per epoch: the third is in the second epoch
    [InlineData("0.5dur", 2)]
    [InlineData("2sp", 1)]
    public void The_backbone_begins_to_train_at_a_moment_in_any_unit(string moment, int epoch)
    {
        var groups = new List<int>();
        var watch = new LambdaCallback(onTrainEpochEnd: c => groups.Add(c.Trainer.Optimizers[0].Optimizer.ParamGroups.Count()));

        new Trainer(Quiet.Options with { MaxEpochs = 4, Callbacks = [new BackboneFinetuning { UnfreezeAt = Duration.Parse(moment) }, watch] }).Fit(new Backboned(), ToyData.Batches(4, 2));

        Assert.Equal(Enumerable.Range(0, 4).Select(index => index < epoch ? 1 : 2), groups);
    }

    [Fact]
    public void Gradients_of_the_new_group_are_cleared_with_the_others()
    {
        var model = new Backboned();
        var cleared = new List<bool>();
        var watch = new LambdaCallback(onBeforeBackward: _ => cleared.Add(model.Backbone.weight!.grad is null));

        new Trainer(Quiet.Options with { MaxEpochs = 2, Callbacks = [new BackboneFinetuning(unfreezeBackboneAtEpoch: 0), watch] }).Fit(model, ToyData.Batches(4, 2));

        Assert.All(cleared, Assert.True);
    }

    [Fact]
    public void Equal_parameters_are_not_the_same_parameter()
    {
        // Two biases of zeros: Lightning compares by value and leaves one untrained (defect D-FT).
        using var first = Linear(2, 2);
        using var second = Linear(2, 2);
        init.zeros_(first.bias!);
        init.zeros_(second.bias!);

        var parameters = Finetuning.FilterParameters([first, second]);

        Assert.Equal(4, parameters.Count);
    }

    [Fact]
    public void Batch_normalisation_is_left_to_train_or_stands_still_as_asked()
    {
        using var norm = BatchNorm1d(2);

        Finetuning.Freeze([norm]);
        var trains = norm.weight!.requires_grad;
        Finetuning.Freeze([norm], trainBatchNorm: false);

        Assert.True(trains);
        Assert.False(norm.weight!.requires_grad);
        Assert.False(norm.training);
        Finetuning.MakeTrainable([norm]);
        Assert.True(norm.training);
    }

    [Fact]
    public void A_resumed_run_has_the_groups_of_the_saved_one()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "a.ckpt");
        var whole = new Backboned();
        Fit(whole, 4, new BackboneFinetuning(1), null, null);
        Fit(new Backboned(), 2, new BackboneFinetuning(1), path, null);

        var resumed = new Backboned();
        Fit(resumed, 4, new BackboneFinetuning(1), null, Resume.From(path));

        Assert.Equal(whole.Backbone.weight!.data<float>().ToArray(), resumed.Backbone.weight!.data<float>().ToArray());
    }

    [Fact]
    public void A_module_without_a_backbone_is_an_error()
    {
        var options = Quiet.Options with { Callbacks = [new BackboneFinetuning()] };

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(options).Fit(new TinyModel(), ToyData.Batches(4, 2)));

        Assert.Contains("'backbone'", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BackboneFinetuning(-1));
    }

    private static void Fit(Backboned model, int epochs, Callback callback, string? path, Resume? resume)
        => new Trainer(Quiet.Options with { MaxEpochs = epochs, Callbacks = [callback, new LambdaCallback(onTrainEpochEnd: c => Save(c.Trainer, path))] })
            .Fit(model, ToyData.Batches(4, 2), null, resume, CancellationToken.None);

    private static void Save(Trainer trainer, string? path)
    {
        if (path is not null) trainer.SaveCheckpoint(path);
    }

    private sealed class Backboned : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly TorchSharp.Modules.Linear backbone = Linear(4, 3);
        private readonly TorchSharp.Modules.Linear head = Linear(3, 2);

        public Backboned()
        {
            init.constant_(backbone.weight!, 0.1);
            init.constant_(head.weight!, 0.2);
            init.zeros_(backbone.bias!);
            init.zeros_(head.bias!);
            Start = backbone.weight!.data<float>().ToArray();
        }

        public TorchSharp.Modules.Linear Backbone => backbone;

        public float[] Start { get; }

        public override Tensor forward(Tensor x) => head.call(backbone.call(x));

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => functional.mse_loss(call(batch.X), batch.Y);

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().Where(parameter => parameter.requires_grad).ToArray(), 0.1);
    }
}
