using System.Text.Json.Nodes;
using LightningSharp.Callbacks;
using static TorchSharp.torch;

namespace LightningSharp.Conformance;

/// <summary>Modules and callbacks that a case describes in words instead of options.</summary>
internal static class SpecialToys
{
    public static ILightningModule? For(JsonObject config, Recorder recorder, JsonObject model) => (string?)config["scenario"] switch
    {
        "manual.gan" => new ToyGan(recorder, model, toggle: true, schedulers: false),
        "manual.gan_no_toggle" => new ToyGan(recorder, model, toggle: false, schedulers: false),
        "manual.gan_schedulers" => new ToyGan(recorder, model, toggle: true, schedulers: true),
        "loop.train_mode_preserved" => new ToyWithModes(recorder, model),
        "callback.swa_batchnorm" => new ToyWithBatchNorm(recorder, model),
        "precision.bf16_true" => new ToyWithTypes(recorder, model),
        "loop.model_left_in_eval" or "eval.validate_from_eval_mode" => InEval(new Toy(recorder, model, null)),
        _ => null,
    };

    public static Callback? Callback(string kind, JsonObject spec, Recorder recorder) => kind switch
    {
        "StochasticWeightAveraging" => StochasticWeightAveraging.StartingAt((int)spec["swa_epoch_start"]!, [(double)spec["swa_lrs"]!], (int?)spec["annealing_epochs"] ?? 10),
        "OnExceptionCheckpoint" => new OnExceptionCheckpoint(Path.Combine(recorder.Root, (string)spec["dirpath"]!)),
        "PB" => null, // what a progress bar shows is tested in Console
        _ => throw new NotSupportedException(kind),
    };

    private static Toy InEval(Toy toy)
    {
        toy.eval();
        return toy;
    }
}
