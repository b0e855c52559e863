using System.Text.Json.Nodes;
using LightningSharp.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Conformance;

/// <summary>A small generator and critic, trained in turns by manual optimization.</summary>
internal sealed class ToyGan(Recorder recorder, JsonObject config, bool toggle, bool schedulers) : ToyModule<(Tensor X, Tensor Y)>(recorder, Manual(config), null)
{
    private readonly Linear disc = ToyWeights.Linear(2, 1);

    public Linear Critic => disc;

    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        var (generator, critic) = (Optimizers()[0], Optimizers()[1]);
        using (toggle ? ToggledOptimizer(generator) : null)
        {
            var loss = -disc.call(call(batch.X)).mean();
            Record("g_step", loss, batchIndex);
            Recorder.Losses.Add(loss.Number());
            Log("g_loss", loss, progressBar: true);
            generator.ZeroGrad();
            ManualBackward(loss);
            generator.Step();
        }

        using (toggle ? ToggledOptimizer(critic) : null)
        {
            var loss = disc.call(call(batch.X).detach()).mean() - disc.call(batch.Y).mean() + (0.5 * disc.weight.pow(2).sum());
            Record("d_step", loss, batchIndex);
            Log("d_loss", loss, progressBar: true);
            critic.ZeroGrad();
            ManualBackward(loss);
            critic.Step();
        }

        if (schedulers && Trainer.IsLastBatch)
        {
            foreach (var scheduler in LRSchedulers()) scheduler.Step();
        }

        return null;
    }

    public override OptimizerSetup ConfigureOptimizers()
    {
        Recorder.Add("M", "configure_optimizers");
        var (generator, critic) = (optim.SGD(Layer.parameters(), 0.1), optim.SGD(disc.parameters(), 0.05));
        if (!schedulers) return [generator, critic];
        return [(generator, new StepLR(generator, 1, 0.5)), (critic, new ExponentialLR(critic, 0.9))];
    }

    protected override Tensor Loss((Tensor X, Tensor Y) batch) => throw new NotSupportedException();

    protected override int SizeOf((Tensor X, Tensor Y) batch) => (int)batch.X.shape[0];

    private void Record(string row, Tensor loss, int batchIndex)
    {
        var flags = new JsonArray([.. new[] { Layer.weight, Layer.bias!, disc.weight, disc.bias! }.Select(parameter => (JsonNode)parameter.requires_grad)]);
        Recorder.Add("M", row, batchIndex, info: new JsonObject { ["loss"] = Plain.Number(loss.Number()), ["requires_grad"] = flags });
    }

    private static JsonObject Manual(JsonObject config)
    {
        var copy = config.DeepClone().AsObject();
        copy["manual"] = "own";
        return copy;
    }
}

/// <summary>Records the train/eval flags of two dropouts, one of which is frozen.</summary>
internal sealed class ToyWithModes(Recorder recorder, JsonObject config) : ToyPairs(recorder, config, null)
{
    private readonly Dropout frozen = Dropout();
    private readonly Dropout active = Dropout();

    public override void OnFitStart()
    {
        frozen.eval(); // in place of its row: the case's module has a hook of its own
    }

    public override BatchFlow OnTrainBatchStart((Tensor X, Tensor Y) batch, int batchIndex)
    {
        Note("on_train_batch_start");
        return BatchFlow.Continue;
    }

    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => Train(batch, batchIndex);

    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex)
    {
        Note("validation_step");
        Loss(batch).Dispose();
    }

    public override OptimizerSetup ConfigureOptimizers() => Optimizers(record: true);

    private void Note(string hook) => Recorder.Notes.Add(new JsonArray(hook, frozen.training, active.training, training));
}

/// <summary>Records the types in a step.</summary>
internal sealed class ToyWithTypes(Recorder recorder, JsonObject config) : ToyPairs(recorder, config, null)
{
    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        var output = call(batch.X);
        var loss = functional.mse_loss(output, batch.Y);
        Recorder.Notes.Add(new JsonObject { ["x"] = Name(batch.X), ["out"] = Name(output), ["loss"] = Name(loss), ["weight"] = Name(Layer.weight) });
        return loss;
    }

    public override OptimizerSetup ConfigureOptimizers() => Optimizers(record: true);

    private static string Name(Tensor tensor) => "torch." + tensor.dtype.ToString().ToLowerInvariant();
}
