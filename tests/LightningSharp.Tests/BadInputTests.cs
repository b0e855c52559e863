using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests;

/// <summary>What happened, what was expected, how to fix it.</summary>
public class BadInputTests
{
    [Fact]
    public void A_loss_of_several_elements_is_refused_with_its_shape()
        => AssertRefused(new ReturnsLoss((model, batch) => functional.mse_loss(model.call(batch.X), batch.Y, nn.Reduction.None)), "shape [4, 2]", ".mean()");

    [Fact]
    public void A_detached_loss_is_refused()
        => AssertRefused(new ReturnsLoss((model, batch) => functional.mse_loss(model.call(batch.X), batch.Y).detach()), "no gradient flows");

    [Fact]
    public void A_NaN_loss_does_not_end_training()
    {
        var model = new ReturnsLoss((model, batch) => functional.mse_loss(model.call(batch.X), batch.Y) * float.NaN);

        var result = new Trainer(Quiet.Options).Fit(model, ToyData.Batches(8, 4));

        Assert.Equal(2, result.Progress.GlobalStep);
    }

    [Fact]
    public void A_skipped_batch_takes_no_step()
    {
        var model = new SkipsEvery2nd();

        var result = new Trainer(Quiet.Options).Fit(model, ToyData.Batches(16, 4));

        Assert.Equal(2, result.Progress.GlobalStep);
        Assert.Equal(4, result.Progress.BatchesSeen);
    }

    [Fact]
    public void A_null_loader_is_an_argument_error()
        => Assert.Throws<ArgumentNullException>(() => new Trainer(Quiet.Options).Fit(new TinyModel(), (IEnumerable<(Tensor, Tensor)>)null!));

    [Fact]
    public void An_empty_loader_says_why()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(new TinyModel(), new List<(Tensor X, Tensor Y)>()));

        Assert.Contains("no batches", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_stream_says_why()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(new TinyModel(), ToyData.Batches(4, 4).Where(_ => false)));

        Assert.Contains("no batch", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_ConfigureOptimizers_is_named()
        => AssertRefused(new NoOptimizers(), nameof(NoOptimizers), "ConfigureOptimizers");

    [Fact]
    public void An_optimizer_over_no_parameters_is_refused()
        => AssertRefused(new Optimizes(_ => optim.SGD(Array.Empty<TorchSharp.Modules.Parameter>(), 0.1)), "no parameters");

    [Fact]
    public void Logging_outside_of_a_run_does_nothing()
    {
        var model = new TinyModel();

        model.Log("x", 1.0);

        Assert.False(model.IsAttached);
    }

    [Fact]
    public void Logging_a_tensor_of_several_elements_is_refused_with_its_shape()
    {
        var error = Assert.Throws<ArgumentException>(() => new Trainer(Quiet.Options).Fit(new Logs(model => model.Log("x", ones(2, 3))), ToyData.Batches(4, 4)));

        Assert.Contains("shape [2, 3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_key_with_other_options_is_refused()
        => AssertRefused(
            new Logs(model =>
            {
                model.Log("x", 1.0, progressBar: false);
                model.Log("x", 1.0, progressBar: true);
            }), "'x' was logged twice");

    [Fact]
    public void Logging_where_it_is_not_possible_names_the_place()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options with { Callbacks = [new LogsAtFitStart()] }).Fit(new TinyModel(), ToyData.Batches(4, 4)));

        Assert.Contains("OnFitStart", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_point_inside_a_hook_is_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Trainer(Quiet.Options with { Callbacks = [new FitsInside()] }).Fit(new TinyModel(), ToyData.Batches(4, 4)));

        Assert.Contains("is running", error.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(TinyModel model, params string[] texts)
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(model, ToyData.Batches(4, 4)));

        foreach (var text in texts) Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(NoOptimizers model, params string[] texts)
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(model, ToyData.Batches(4, 4)));

        foreach (var text in texts) Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private sealed class ReturnsLoss(Func<TinyModel, (Tensor X, Tensor Y), Tensor> loss) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => loss(this, batch);
    }

    private sealed class SkipsEvery2nd : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => batchIndex % 2 == 1 ? null : base.TrainingStep(batch, batchIndex);
    }

    private sealed class Logs(Action<TinyModel> log) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            log(this);
            return Loss(batch);
        }
    }

    private sealed class Optimizes(Func<TinyModel, OptimizerSetup> configure) : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers() => configure(this);
    }

    private sealed class NoOptimizers : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly TorchSharp.Modules.Linear layer = Linear(4, 2);

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => functional.mse_loss(call(batch.X), batch.Y);
    }

    private sealed class LogsAtFitStart : Callback
    {
        public override void OnFitStart(HookContext context) => context.Module.Log("x", 1.0);
    }

    private sealed class FitsInside : Callback
    {
        public override void OnTrainStart(HookContext context) => context.Trainer.Fit(new TinyModel(), ToyData.Batches(4, 4));
    }
}
