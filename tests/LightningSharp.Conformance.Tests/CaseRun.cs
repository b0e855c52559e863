using System.Text.Json.Nodes;
using LightningSharp.Callbacks;
using static TorchSharp.torch;

namespace LightningSharp.Conformance;

/// <summary>Runs a case through the public API.</summary>
internal sealed class CaseRun : IDisposable
{
    private readonly JsonObject _config;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Recorder _recorder;
    private readonly bool _parts;
    private ILightningModule _module;

    public CaseRun(JsonObject testCase)
    {
        _config = testCase["config"]!.AsObject();
        Root = Directory.CreateTempSubdirectory("conformance").FullName;
        _recorder = new Recorder(Root, _cancellation);
        _parts = _config["data"]?["train"] is JsonObject train && train["a"] is not null;
        _module = NewModule("model");
        NewTrainer("trainer");
    }

    public string Root { get; }

    public Trainer Trainer => _recorder.Trainer!;

    public ILightningModule Module => _module;

    public Recorder Recorder => _recorder;

    public List<CallResult> Results { get; } = [];

    /// <summary>Files after each call of an entry point.</summary>
    public List<List<string>> FilesAfter { get; } = [];

    public void Run()
    {
        foreach (var call in _config["calls"]!.AsArray().OfType<JsonObject>())
        {
            if (call["set"] is not null) Trainer.MaxEpochs = (int)call["value"]!;
            else if (call["new_trainer"] is not null) Renew(call);
            else Call(call);
        }
    }

    public List<string> Files() => [.. Directory.EnumerateFiles(Root, "*.ckpt", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        _cancellation.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private void Renew(JsonObject call)
    {
        // The one case whose data module contradicts the model says so in words.
        if (((string?)call["note"])?.Contains("lr=0.2", StringComparison.Ordinal) == true)
            (_dataModule, _config["datamodule"]!["hparams"]) = (null, new JsonObject { ["lr"] = 0.2 });
        var suffix = _config["trainer2"] is null ? string.Empty : "2";
        if (call["new_trainer"]?.GetValueKind() is not System.Text.Json.JsonValueKind.True) _module = NewModule("model" + suffix);
        NewTrainer("trainer" + suffix);
    }

    private void Call(JsonObject call)
    {
        var resume = (string?)call["ckpt_path"];
        if (resume is not null && _config["trainer2"] is not null) Renew(call);
        _recorder.Take();
        _recorder.Losses.Clear();
        var name = (string)call["call"]!;
        Exception? problem = null;
        JsonNode? returned = null;
        try
        {
            returned = Enter(name, call, resume is null ? null : Resume.From(Path.Combine(Root, resume)));
        }
        catch (Exception exception)
        {
            problem = exception;
        }

        Results.Add(new CallResult(name, problem, returned, Final(), [.. _recorder.Losses], _recorder.Take()));
        FilesAfter.Add(Files());
    }

    private JsonNode? Enter(string name, JsonObject call, Resume? resume)
    {
        var data = _config["data"] as JsonObject;
        var token = _cancellation.Token;
        if (_module is ToyTwins twins)
        {
            Trainer.Fit(twins, ToyTwins.Loader(data!["train"]!.AsObject(), (string)_config["combined_loader_mode"]!), null, resume, token);
            return null;
        }

        var model = (LightningModule<(Tensor X, Tensor Y)>)_module;
        var own = (bool?)_config["model"]?["attach_loaders"] == true;
        var source = _config["datamodule"] is JsonObject spec ? _dataModule ??= ToyDataModule.Create(_recorder, spec, data) : null;
        switch (name)
        {
            case "fit" when source is not null: Trainer.Fit(model, source, resume, token); return null;
            case "fit" when own: Trainer.Fit(model, resume, token); return null;
            case "fit": Trainer.Fit(model, ToyData.Loader(data!["train"], "train")!, ToyData.Loader(data["val"], "val"), resume, token); return null;
            case "validate" when source is not null: return Json(Trainer.Validate(model, source, resume, token));
            case "validate": return Json(Trainer.Validate(model, ToyData.Loader(data!["val"], "val")!, resume, token));
            case "test" when source is not null: return Json(Trainer.Test(model, source, resume, token));
            case "test" when call.ContainsKey("model"): return Json(Trainer.Test(ToyData.Loader(data!["test"], "test")!, resume, token));
            case "test": return Json(Trainer.Test(model, ToyData.Loader(data!["test"], "test")!, resume, token));
            default: return Predict(model, source, ToyData.Loader(data!["predict"], "predict"), (bool?)call["return_predictions"] ?? true, resume, token);
        }
    }

    private ToyDataModule? _dataModule;

    private JsonNode? Predict(
        LightningModule<(Tensor X, Tensor Y)> model, ToyDataModule? source, IEnumerable<(Tensor X, Tensor Y)>? loader, bool keep, Resume? resume, CancellationToken token)
    {
        if (source is not null) return new JsonArray([.. Trainer.Predict(model, source, resume, token).Select(Plain.Values)]);
        if (loader is Data.LoaderGroup<(Tensor X, Tensor Y)> group)
            return new JsonArray([.. Trainer.Predict(model, group, resume, token).Select(list => new JsonArray([.. list.Select(Plain.Values)]))]);
        if (!keep)
        {
            foreach (var output in Trainer.PredictStream(model, loader!, resume, cancellation: token).ToBlockingEnumerable(token)) output.Dispose();
            return null;
        }

        var outputs = Trainer.Predict(model, loader!, resume, token);
        return outputs.Count == 0 ? null : new JsonArray([.. outputs.Select(Plain.Values)]);
    }

    private static JsonArray Json(EvaluationResult result) => new([.. result.Select(loader => Plain.Metrics(loader.Metrics))]);

    private JsonObject Final()
    {
        var final = new JsonObject
        {
            ["epoch"] = Trainer.CurrentEpoch,
            ["global_step"] = Trainer.GlobalStep,
            ["should_stop"] = Trainer.ShouldStop,
            ["status"] = Trainer.Status == Logging.RunStatus.Succeeded ? "finished" : "interrupted",
            ["num_training_batches"] = Trainer.NumTrainingBatches is { } batches ? batches : "Infinity",
            ["callback_metrics"] = Plain.Metrics(Trainer.CallbackMetrics),
            ["logged_metrics"] = Plain.Metrics(Trainer.LoggedMetrics),
            ["progress_bar_metrics"] = Plain.Metrics(Trainer.ProgressBarMetrics),
            ["training"] = _module.Module.training,
        };
        var weights = _module.Module.state_dict();
        if (weights.TryGetValue("layer.weight", out var weight)) final["weight"] = Plain.Values(weight);
        if (weights.TryGetValue("layer.bias", out var bias)) final["bias"] = Plain.Values(bias);
        return final;
    }

    private ILightningModule NewModule(string key)
    {
        var config = (_config[key] ?? _config["model"])!.AsObject();
        if (key == "model2" && (string?)_config["scenario"] == "resume.optimizer_mismatch") config["parameters"] = "layer.weight";
        ILightningModule module = SpecialToys.For(_config, _recorder, config) ?? (_parts ? new ToyTwins(_recorder, config) : ToyPairs.Create(_recorder, config, _config["data"] as JsonObject));
        _recorder.Module = module.Module;
        return module;
    }

    private void NewTrainer(string key)
    {
        var spec = (_config[key] ?? _config["trainer"])!.AsObject();
        var snapshots = (_config["snapshot_hooks"] as JsonArray ?? []).Select(item => (string)item!).ToHashSet();
        _recorder.Trainer = new Trainer(ToyTrainer.Options(spec, _recorder, snapshots));
    }
}
