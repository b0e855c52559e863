using LightningSharp.Profiling;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Profiling;

public class MemoryProfilerTests
{
    [Fact]
    public void A_hook_that_keeps_a_tensor_per_batch_is_named_with_their_number()
    {
        using var output = new StringWriter();
        using var profiler = new MemoryProfiler { Output = output };
        var keeper = new Keeps();

        new Trainer(Quiet.Options with { Profiler = profiler, Callbacks = [keeper], MaxEpochs = 10 }).Fit(new TinyModel(), ToyData.Batches(80, 4));

        Assert.Equal(200, profiler.Kept["[Callback]Keeps.OnTrainBatchEnd"]);
        Assert.Contains("made in [Callback]Keeps.OnTrainBatchEnd", profiler.Leak, StringComparison.Ordinal);
        Assert.Contains("200", output.ToString(), StringComparison.Ordinal);
        keeper.Kept.ForEach(tensor => tensor.Dispose());
    }

    [Fact]
    public void The_finding_names_the_step_that_keeps_its_losses()
    {
        using var profiler = new MemoryProfiler { Output = TextWriter.Null };
        var model = new KeepsLosses();

        new Trainer(Quiet.Options with { Profiler = profiler, MaxEpochs = 10 }).Fit(model, ToyData.Batches(80, 4));

        Assert.Contains("made in [LightningModule]KeepsLosses.TrainingStep", profiler.Leak, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 of them", profiler.Leak, StringComparison.Ordinal);
        model.Kept.ForEach(tensor => tensor.Dispose());
    }

    [Fact]
    public void A_sound_run_keeps_nothing_per_batch()
    {
        using var profiler = new MemoryProfiler { Output = TextWriter.Null };

        new Trainer(Quiet.Options with { Profiler = profiler, MaxEpochs = 10 }).Fit(new TinyModel(), ToyData.Batches(80, 4));

        Assert.Null(profiler.Leak);
        Assert.All(profiler.Kept, row => Assert.InRange(row.Value, -20, 20)); // 200 batches: a tensor per batch would be ten times as many
    }

    private sealed class KeepsLosses : TinyModel
    {
        public List<Tensor> Kept { get; } = [];

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = Loss(batch);
            Kept.Add(loss.detach().DetachFromDisposeScope());
            return loss;
        }
    }

    private sealed class Keeps : Callback
    {
        public List<Tensor> Kept { get; } = [];

        public override void OnTrainBatchEnd(TrainBatchEndContext context) => Kept.Add(context.Loss!.clone().DetachFromDisposeScope()); // the model returns a loss
    }
}
