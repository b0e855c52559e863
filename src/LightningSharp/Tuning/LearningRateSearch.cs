using System.Globalization;
using LightningSharp.Diagnostics;

namespace LightningSharp.Tuning;

/// <summary>One learning-rate search: checks, measures, restores, and hands over what it found.</summary>
internal sealed class LearningRateSearch
{
    private readonly Trainer _trainer;
    private readonly ILightningModule _module;
    private readonly LearningRateFindOptions _options;
    private readonly Action<double>? _apply;

    public LearningRateSearch(Trainer trainer, ILightningModule module, LearningRateFindOptions options)
    {
        (_trainer, _module, _options) = (trainer, module, options);
        options.Require();
        _apply = options.Apply;
        if (!options.UpdateAttribute || _apply is not null) return;
        var attribute = TunedAttribute.Find(
            trainer, "The learning-rate search", options.AttributeName is { } name ? [name] : ["LearningRate", "Lr"],
            "Add one that ConfigureOptimizers uses, name it by AttributeName, pass Apply, or set UpdateAttribute = false.", module.Module);
        _apply = value => attribute.Value = value;
    }

    public (LearningRateFindResult Result, double? Suggestion) Run(Func<Trainer, FitResult> fit)
    {
        var probe = new LearningRateProbe(_options);
        using (new ModelSnapshot(_module.Module)) fit(Trial.Create(_trainer, _options.NumTraining, probe));
        var result = probe.Result;
        if (result.Losses.Count < Math.Min(_options.NumTraining, 100) && !result.StoppedEarly)
            _trainer.Messages.Warn(MessageId.Information, $"The learning-rate search took only {result.Losses.Count} of {_options.NumTraining} steps.");
        var suggestion = result.Suggestion(_options.Rule);
        if (suggestion is not { } rate)
        {
            _trainer.Messages.Warn(
                MessageId.Information, $"The learning-rate search has no suggestion: of {result.Losses.Count} steps too few with a finite loss are left. Raise NumTraining, or lower MaxLearningRate.");
            return (result, null);
        }

        if (_options.UpdateAttribute) _apply?.Invoke(rate);
        _trainer.Messages.Inform(MessageId.Information, $"The learning-rate search suggests {rate.ToString("G4", CultureInfo.InvariantCulture)}.");
        return (result, rate);
    }
}
