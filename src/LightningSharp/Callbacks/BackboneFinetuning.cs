using System.Globalization;
using LightningSharp.Diagnostics;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>
/// Trains the head of a model alone at first, and its field <c>backbone</c> with it from a later epoch on, with a learning rate of its own that grows to that of the head.
/// </summary>
/// <remarks>Give the optimizer only what trains at first: <c>parameters().Where(p =&gt; p.requires_grad)</c>.</remarks>
/// <example><code>Callbacks = [new BackboneFinetuning(unfreezeBackboneAtEpoch: 5)]</code></example>
public sealed class BackboneFinetuning : Finetuning
{
    private readonly int _unfreezeAt;
    private readonly Func<int, double> _growth;
    private readonly double _ratio;
    private readonly double? _initial;
    private readonly bool _align;
    private readonly bool _trainBatchNorm;
    private readonly bool _verbose;
    private double? _previous;
    private Trainer? _runner;
    private int? _unfrozenIn; // of UnfreezeAt

    /// <summary>Freezes and thaws the backbone.</summary>
    /// <param name="unfreezeBackboneAtEpoch">The epoch (from 0) in which the backbone begins to train.</param>
    /// <param name="growth">The factor of the backbone's learning rate at each later epoch, given the epoch's index plus one; null for 2.</param>
    /// <param name="backboneInitialRatioLr">The backbone's first learning rate as a part of the head's.</param>
    /// <param name="backboneInitialLr">The backbone's first learning rate; null for the ratio.</param>
    /// <param name="shouldAlign">Let it grow to the learning rate of the head at most.</param>
    /// <param name="trainBatchNorm">Let batch normalisation in the backbone train all the time.</param>
    /// <param name="verbose">Say the learning rates.</param>
    public BackboneFinetuning(
        int unfreezeBackboneAtEpoch = 10, Func<int, double>? growth = null, double backboneInitialRatioLr = 0.1, double? backboneInitialLr = null,
        bool shouldAlign = true, bool trainBatchNorm = true, bool verbose = false)
    {
        if (unfreezeBackboneAtEpoch < 0) throw new ArgumentOutOfRangeException(nameof(unfreezeBackboneAtEpoch), unfreezeBackboneAtEpoch, $"BackboneFinetuning was given unfreezeBackboneAtEpoch = {unfreezeBackboneAtEpoch}: expected 0 or more.");
        if (!(backboneInitialRatioLr > 0)) throw new ArgumentOutOfRangeException(nameof(backboneInitialRatioLr), backboneInitialRatioLr, FormattableString.Invariant($"BackboneFinetuning was given backboneInitialRatioLr = {backboneInitialRatioLr}: expected above 0."));
        if (backboneInitialLr is { } rate && !(rate > 0)) throw new ArgumentOutOfRangeException(nameof(backboneInitialLr), backboneInitialLr, FormattableString.Invariant($"BackboneFinetuning was given backboneInitialLr = {rate}: expected above 0."));
        (_unfreezeAt, _growth, _ratio, _initial) = (unfreezeBackboneAtEpoch, growth ?? (_ => 2.0), backboneInitialRatioLr, backboneInitialLr);
        (_align, _trainBatchNorm, _verbose) = (shouldAlign, trainBatchNorm, verbose);
    }

    /// <summary>When the backbone begins to train, in any unit: with the first epoch that starts at this moment or later. Takes the place of the constructor's epoch.</summary>
    /// <value>Default: null, in the constructor's epoch.</value>
    public Duration? UnfreezeAt { get; init; }

    /// <summary>The learning rate of the backbone; null before it trains.</summary>
    public double? BackboneLearningRate => _previous;

    /// <inheritdoc/>
    public override void OnReset()
    {
        base.OnReset();
        (_previous, _unfrozenIn, _runner) = (null, null, null);
    }

    /// <inheritdoc/>
    public override void Setup(StageContext context)
    {
        _runner = context.Trainer;
        base.Setup(context);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> StateDict()
    {
        var state = new Dictionary<string, object?>(base.StateDict()) { ["previous_backbone_lr"] = _previous };
        if (_unfrozenIn is { } epoch) state["unfrozen_in_epoch"] = (long)epoch;
        return state;
    }

    /// <inheritdoc/>
    public override void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        base.LoadStateDict(state);
        var saved = state.Number("previous_backbone_lr", double.NaN);
        _previous = double.IsNaN(saved) ? null : saved;
        _unfrozenIn = state.Count("unfrozen_in_epoch", -1) is >= 0 and var epoch ? epoch : null;
    }

    /// <inheritdoc/>
    protected override void FreezeBeforeTraining(ILightningModule module) => Freeze([BackboneOf(module)], _trainBatchNorm);

    /// <inheritdoc/>
    protected override void FinetuneFunction(ILightningModule module, int epoch, optim.Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        var first = FirstEpoch(epoch);
        if (epoch < first) return;
        var head = optimizer.ParamGroups.First().LearningRate;
        if (epoch == first)
        {
            _previous = _initial ?? (head * _ratio);
            // Batch normalisation that trained all the time is in the optimizer with the head.
            UnfreezeAndAddParamGroup([BackboneOf(module)], optimizer, _previous, trainBatchNorm: !_trainBatchNorm);
        }
        else
        {
            var next = _growth(epoch + 1) * (_previous ?? (head * _ratio));
            _previous = _align && next > head ? head : next;
            optimizer.ParamGroups.Last().LearningRate = _previous.Value;
        }

        if (_verbose)
            _runner?.Messages.Inform(MessageId.Information, $"Epoch {epoch}: the learning rate of the head is {Text(head)}, that of the backbone {Text(_previous!.Value)}."); // set above
    }

    private int FirstEpoch(int epoch)
    {
        if (UnfreezeAt is not { } moment) return _unfreezeAt;
        if (_unfrozenIn is null && _runner!.HasReached(moment)) _unfrozenIn = epoch; // set in Setup
        return _unfrozenIn ?? int.MaxValue;
    }

    private static nn.Module BackboneOf(ILightningModule module)
    {
        var backbone = module.Module.named_children().FirstOrDefault(entry => entry.name == "backbone").module;
        return backbone ?? throw new MisconfigurationException(
            $"BackboneFinetuning needs a sub-module in a field named 'backbone', which {module.Module.GetType().Name} has not; it has {string.Join(", ", module.Module.named_children().Select(entry => entry.name))}. Rename the field, or derive from {nameof(Finetuning)}.");
    }

    private static string Text(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
