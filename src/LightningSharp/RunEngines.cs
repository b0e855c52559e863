using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LightningSharp.Data;
using LightningSharp.Diagnostics;
using LightningSharp.Native;
using LightningSharp.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>
/// What makes one run faster than the plain loop, or changes its numbers: precision, fused optimizers, memory layout, memory policy, libtorch's switches.
/// Begun before anything allocates, ended when the run is over; then the process is as it was.
/// </summary>
internal sealed class RunEngines : IDisposable
{
    // An optimizer that the model keeps and returns again must meet the same replacement, which has its step counts.
    private static readonly ConditionalWeakTable<optim.Optimizer, FusedOptimizer> Replacements = [];

    private readonly TrainerOptions _options;
    private readonly Device _device;
    private readonly Messages? _messages;
    private readonly List<string> _texts = [];
    private readonly List<IDisposable> _undo = [];
    private nn.Module? _rearranged;
    private bool _ownsLayout;

    private RunEngines(TrainerOptions options, Device device, Precision precision, Messages? messages)
        => (_options, _device, Precision, _messages) = (options, device, precision, messages);

    /// <summary>The engines of a Trainer that does not run: none.</summary>
    public static RunEngines None { get; } = new(new TrainerOptions(), CPU, Precision.Float32, null);

    /// <summary>The precision of the run.</summary>
    public Precision Precision { get; }

    /// <summary>What is on, one short text each, for people.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>Whether weights and image batches lie with channels innermost.</summary>
    public bool UsesChannelsLast => _rearranged is not null;

    /// <summary>No training step has shown yet that the model works in this layout.</summary>
    public bool IsTrainingOnTrial { get; private set; }

    /// <summary>No evaluation step has shown yet that the model works in this layout.</summary>
    public bool IsEvaluationOnTrial { get; set; }

    /// <summary>Told when the layout on trial is given up: what was seen of the step does not count.</summary>
    public Action? LayoutGivenUp { get; set; }

    /// <summary>Starts what the options ask for.</summary>
    /// <exception cref="BackendException">The device cannot compute in this precision.</exception>
    public static RunEngines Begin(TrainerOptions options, Device device, Messages messages)
    {
        var precision = options.Precision.ForDevice(device, out var warning);
        if (warning is not null) messages.Warn(MessageId.Degraded, warning);
        var engines = new RunEngines(options, device, precision, messages);
        if (!ReferenceEquals(precision, Precision.Float32)) engines._texts.Add($"precision: {precision.Name}");
        engines.SetSwitches();
        engines.DetectAnomaly();
        engines.KeepMemory();
        return engines;
    }

    /// <summary>Lays out the weights for the run. Before the optimizers are built.</summary>
    public void Arrange(nn.Module module, bool isAutomatic)
    {
        var wanted = _options.ChannelsLast switch
        {
            EngineMode.On => true,
            EngineMode.Auto => isAutomatic && _device.type == DeviceType.CPU && ChannelsLast.Benefits(module),
            _ => false,
        };
        if (!wanted) return;
        _ownsLayout = ChannelsLast.Convert(module) > 0; // a trial inside a run finds it arranged, and leaves it so
        _rearranged = module;
        IsTrainingOnTrial = IsEvaluationOnTrial = _options.ChannelsLast == EngineMode.Auto;
        _texts.Add("layout: channels last");
    }

    /// <summary>The optimizer that takes the steps: the fused equivalent where there is one.</summary>
    public optim.Optimizer Accelerate(optim.Optimizer optimizer, bool isAutomatic)
    {
        if (!_options.FusedOptimizers || !isAutomatic)
        {
            GiveBack(optimizer);
            return optimizer;
        }

        if (!Replacements.TryGetValue(optimizer, out var fused))
        {
            fused = OptimizerAcceleration.Accelerate(optimizer);
            if (fused is null)
            {
                if (optimizer is not FusedOptimizer) _texts.Add($"optimizer: {optimizer.GetType().Name} as it is ({OptimizerAcceleration.WhyNot(optimizer)})");
                return optimizer;
            }

            Replacements.Add(optimizer, fused);
        }

        if (fused.UsesKernel) _texts.Add($"optimizer: fused {optimizer.GetType().Name}");
        return fused;
    }

    // An earlier run has stepped it through its replacement: it takes the moments and step counts back.
    private static void GiveBack(optim.Optimizer optimizer)
    {
        if (!Replacements.TryGetValue(optimizer, out var fused)) return;
        Optimization.OptimizerState.Load(optimizer, Optimization.OptimizerState.Save(fused));
        Replacements.Remove(optimizer);
    }

    /// <summary>Refuses optimizers that cannot work in the precision.</summary>
    /// <exception cref="MisconfigurationException">LBFGS with a loss scale.</exception>
    public void Require(IEnumerable<LightningOptimizer> optimizers)
    {
        if (Precision is not Float16MixedPrecision || !optimizers.Any(optimizer => optimizer.Optimizer is LBFGS)) return;
        throw new MisconfigurationException(
            $"{nameof(TrainerOptions.Precision)} = {Precision.Name} does not work with LBFGS, which evaluates the loss several times per step. Use {nameof(Precision)}.{nameof(Precision.BFloat16Mixed)}, or another optimizer.");
    }

    /// <summary>The first step went well in the layout.</summary>
    public void EndTrainingTrial() => IsTrainingOnTrial = false;

    /// <summary>Whether this error of a step comes from the layout that the Trainer chose by itself, so that the step should be repeated in the ordinary one.</summary>
    public bool IsFaultOfLayout(Exception exception, bool training)
        => UsesChannelsLast && (training ? IsTrainingOnTrial : IsEvaluationOnTrial)
            && exception is LayoutException or ExternalException or InvalidOperationException or NotImplementedException or NotSupportedException
            && (exception is LayoutException || IsAboutLayout(exception));

    /// <summary>What to tell a person whose later step fails because of the layout that the Trainer chose; null when that is not the reason.</summary>
    public string? HintFor(Exception exception)
        => UsesChannelsLast && exception is ExternalException && IsAboutLayout(exception)
            ? $" The weights and images of this run lie with channels innermost ({nameof(TrainerOptions.ChannelsLast)} = {_options.ChannelsLast}), where view does not work: use reshape or flatten, or set {nameof(TrainerOptions.ChannelsLast)} = {nameof(EngineMode)}.{nameof(EngineMode.Off)}."
            : null;

    private static bool IsAboutLayout(Exception exception)
        => exception.Message.Contains("view size is not compatible", StringComparison.Ordinal) || exception.Message.Contains("contiguous", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns to the ordinary layout: weights, and the tensors of the running batch, which stay the same objects.</summary>
    public void GiveUpLayout<TBatch>(TBatch batch)
    {
        RestoreLayout();
        _texts.RemoveAll(text => text.StartsWith("layout", StringComparison.Ordinal));
        _texts.Add("layout: ordinary (a step does not work with channels last)");
        _messages?.Inform(MessageId.Information, "The memory layout with channels innermost was tried and given up: a step does not work, or would draw other random numbers, in it. The run goes on in the ordinary layout.");
        LayoutGivenUp?.Invoke();
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        foreach (var tensor in BatchTransfer.Tensors(batch))
        {
            if (tensor.dim() != 4 || !ChannelsLast.IsChannelsLast(tensor)) continue;
            var ordinary = ChannelsLast.ToOrdinary(tensor);
            if (!ReferenceEquals(ordinary, tensor)) tensor.set_(ordinary);
        }
    }

    /// <summary>Gives the module its ordinary layout back; the layout ends with the loop, so that the user's code after it sees contiguous weights.</summary>
    public void RestoreLayout()
    {
        if (_ownsLayout && _rearranged is { } module && module.parameters().All(parameter => !parameter.IsInvalid)) _ = ChannelsLast.Restore(module);
        _rearranged = null;
        IsTrainingOnTrial = IsEvaluationOnTrial = false;
    }

    public void Dispose()
    {
        if (_messages is null) return;
        RestoreLayout();
        for (var i = _undo.Count - 1; i >= 0; i--) _undo[i].Dispose();
        _undo.Clear();
        if (Precision.SkippedSteps is > 0 and var skipped)
            _messages.Warn(MessageId.NonFinite, $"{skipped} optimizer step(s) were left out because a gradient was infinite or not a number (precision {Precision.Name}).");
        if (!ReferenceEquals(Precision, _options.Precision)) Precision.Dispose(); // made by ForDevice for this run
    }

    private void SetSwitches()
    {
        var warnOnly = _options.Deterministic == Determinism.Warn;
        if (_options.Deterministic != Determinism.Off)
            Switch(BackendSwitches.Deterministic(warnOnly), warnOnly ? "kernels: deterministic where there are such" : "kernels: deterministic", nameof(TrainerOptions.Deterministic));
        if ((_options.Deterministic == Determinism.Off ? _options.Benchmark : false) is { } benchmark)
            Switch(BackendSwitches.CudnnBenchmark(benchmark), benchmark ? "cuDNN: fastest algorithm searched" : null, nameof(TrainerOptions.Benchmark));
        if (_options.AllowTf32 is { } tf32) Switch(BackendSwitches.AllowTf32(tf32), tf32 ? "float32 products: TF32" : "float32 products: exact", nameof(TrainerOptions.AllowTf32));
    }

    private void Switch(IDisposable? undo, string? text, string option)
    {
        if (undo is null)
        {
            _messages!.Warn(MessageId.Degraded, $"{option} has no effect: this libtorch does not export the switch. Expected libtorch 2.10."); // not null but in None, which has no switches
            return;
        }

        _undo.Add(undo);
        if (text is not null) _texts.Add(text);
    }

    // Libtorch's switch is one for the whole process.
    private void DetectAnomaly()
    {
        if (!_options.DetectAnomaly) return;
        _undo.Add(autograd.set_detect_anomaly(true));
        _texts.Add("autograd: anomalies are detected");
    }

    private void KeepMemory()
    {
        if (_options.MemoryPolicy == EngineMode.Off || (_options.MemoryPolicy == EngineMode.Auto && _device.type != DeviceType.CPU)) return;
        var policy = _options.MemoryPolicy == EngineMode.On ? Native.MemoryPolicy.Begin(needed: 0) : Native.MemoryPolicy.Begin();
        _texts.Add(policy.Description);
        if (policy.IsOn) _undo.Add(policy);
        else if (_options.MemoryPolicy == EngineMode.On) _messages!.Warn(MessageId.Degraded, $"{nameof(TrainerOptions.MemoryPolicy)} = On has no effect: {policy.Description}."); // not null, see above
    }
}
