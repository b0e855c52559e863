using System.Reflection;
using LightningSharp.Callbacks;
using LightningSharp.Logging;
using LightningSharp.Strategies;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Terminal;

/// <summary>The lines at the start and at the end of <c>Fit</c>, and the table of results of <c>Validate</c> and <c>Test</c>.</summary>
internal sealed class Banner(Display? given = null) : Callback
{
    private readonly List<string> _loaders = [];
    private Display? _display;
    private bool _inner;
    private long _start;

    /// <summary>Before everything else: what other callbacks print stands below.</summary>
    public override int Order => -2;

    public override void Setup(StageContext context)
    {
        _display = null;
        _loaders.Clear();
        if (!context.Trainer.Strategy.IsGlobalZero) return;
        _display = given ?? Display.For(context.Trainer.Options.Console);
        _start = _display.Time.GetTimestamp();
        _inner = !_display.Claim(context.Trainer);
        if (!_inner && context.Stage == Stage.Fit) _display.Start(Facts(context.Trainer, context.Module));
    }

    /// <summary>Which engines are on is known only now: the optimizers have been exchanged, the weights laid out.</summary>
    public override void OnFitStart(HookContext context)
    {
        if (_inner || _display is not TextDisplay display || context.Trainer.Engines is not { Count: > 0 } engines) return;
        display.PrintList("  engines ", engines);
        context.Trainer.Running.LayoutGivenUp += () => display.PrintList("  engines ", engines); // the first step has shown it
    }

    public override void Teardown(StageContext context)
    {
        if (_display is not { } display || context.Stage != Stage.Fit) return;
        display.Close();
        var mark = BestMark.Of(context.Trainer);
        KeyValuePair<string, double>? best = mark is { Monitor: { } name, Score: { } score } ? new(name, score) : null;
        var facts = new FinishFacts(Reason(context.Trainer), display.Time.GetElapsedTime(_start), best, mark.Path, context.Trainer.RunDirectory, context.Trainer.StopReason == StopReason.Canceled);
        if (_inner) display.FinishInner(facts);
        else display.Finish(facts);
    }

    public override void OnValidationBatchEnd(BatchContext context) => Note(context.DataLoaderIndex);

    public override void OnTestBatchEnd(BatchContext context) => Note(context.DataLoaderIndex);

    public override void OnValidationEnd(HookContext context)
    {
        if (context.Trainer.EntryStage == Stage.Validate) ShowResults(context.Trainer, Stage.Validate);
    }

    public override void OnTestEnd(HookContext context) => ShowResults(context.Trainer, Stage.Test);

    public override void OnException(ExceptionContext context)
    {
        if (_display is not { } display) return;
        display.Close();
        if (_inner) return;
        var (trainer, exception) = (context.Trainer, context.Exception);
        var place = trainer.EntryStage == Stage.Fit ? trainer.FailedIn : $"{trainer.EntryStage}, batch {trainer.BatchIndex}";
        display.Fail(new(
            exception is OperationCanceledException, exception.GetType().Name, exception.Message.Split('\n')[0].TrimEnd(), place,
            display.Time.GetElapsedTime(_start), trainer.RunDirectory));
    }

    internal static RunFacts Facts(Trainer trainer, ILightningModule module)
    {
        var options = trainer.Options;
        var device = trainer.Strategy.Device;
        var gpu = Hardware.CudaDevices > 0 ? "CUDA" : Hardware.HasMps ? "MPS" : null;
        var hints = new List<(string, Tone)>();
        if (gpu is not null && device.type == DeviceType.CPU)
            hints.Add(($"a {gpu} GPU is there but not used: {nameof(TrainerOptions.Accelerator)} = {nameof(Accelerator)}.{nameof(Accelerator.Auto)} takes it", Tone.Warning));
        if (options.FastDevRun.IsOn)
        {
            var count = options.FastDevRun.Batches;
            hints.Add(($"quick development run: {(count == 1 ? "1 batch" : $"{count} batches")} of each stage, nothing is logged or saved", Tone.Warning));
        }

        return new RunFacts
        {
            Version = VersionOf(typeof(Trainer).Assembly),
            TorchSharp = VersionOf(typeof(torch).Assembly),
            LibTorch = LibTorchVersion(),
            Runtime = Environment.Version.ToString(),
            Device = device.type == DeviceType.CPU ? "cpu" : device.ToString(),
            Threads = get_num_threads(),
            HasGpu = gpu is not null,
            Precision = ReferenceEquals(options.Precision, Precision.Float32) ? PrecisionOf(module.Module) : options.Precision.Name,
            Seed = options.Seed,
            RunDirectory = trainer.RunDirectory,
            Hints = hints,
        };
    }

    private static string VersionOf(Assembly assembly)
        => assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? assembly.GetName().Version?.ToString(3) ?? "?";

    private static string LibTorchVersion() => Version.TryParse(__version__, out var version) ? version.ToString(3) : __version__;

    // Lightning's words for what the weights are in.
    private static string PrecisionOf(nn.Module module) => module.parameters().FirstOrDefault()?.dtype switch
    {
        ScalarType.Float64 => "64-true",
        ScalarType.BFloat16 => "bf16-true",
        ScalarType.Float16 => "16-true",
        _ => "32-true",
    };

    private static string Reason(Trainer trainer) => trainer.StopReason switch
    {
        StopReason.MaxEpochs => $"{nameof(trainer.MaxEpochs)} = {trainer.MaxEpochs} reached",
        StopReason.MaxSteps => $"{nameof(trainer.MaxSteps)} = {trainer.MaxSteps} reached",
        StopReason.MaxTime => $"{nameof(TrainerOptions.MaxTime)} = {trainer.Options.MaxTime} has passed",
        StopReason.MaxDuration => $"{nameof(TrainerOptions.MaxDuration)} = {trainer.Options.MaxDuration} reached",
        StopReason.Requested => Requested(trainer),
        StopReason.Canceled => trainer.Progress.BatchInEpoch > 0 ? $"epoch {trainer.Progress.Epoch}, batch {trainer.Progress.BatchInEpoch}" : $"after {trainer.Progress.Epoch} epoch{(trainer.Progress.Epoch == 1 ? string.Empty : "s")}",
        StopReason.NoBatches => "there is no training batch",
        _ => TextEscape.ForConsole(trainer.StopText),
    };

    private static string Requested(Trainer trainer)
    {
        foreach (var callback in trainer.Callbacks)
        {
            if (callback is EarlyStopping { StoppingReasonMessage: { Length: > 0 } message }) return TextEscape.ForConsole(message);
        }

        return $"stopped on request in epoch {Math.Max(0, trainer.Progress.Epoch - 1)}: {TextEscape.ForConsole(trainer.StopText)}";
    }

    // Keys of several loaders end in a slash and the loader's name; which loaders there are is learned from the batches.
    private void Note(int loader)
    {
        while (_loaders.Count <= loader) _loaders.Add($"DataLoader {_loaders.Count}");
    }

    private void ShowResults(Trainer trainer, Stage stage)
    {
        if (_display is not { } display || _inner) return;
        display.Close();
        var facts = EvaluationResults.Arrange(stage, trainer.CallbackMetrics, _loaders);
        if (facts.Rows.Count > 0) display.Evaluation(facts);
    }
}
