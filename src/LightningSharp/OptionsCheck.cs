using LightningSharp.Terminal;
using LightningSharp.Diagnostics;

namespace LightningSharp;

/// <summary>Checks the options once, reports every problem, and fills in the defaults that depend on each other.</summary>
internal static class OptionsCheck
{
    /// <summary>The limit of a run that was given none.</summary>
    public const int DefaultMaxEpochs = 1000;

    /// <exception cref="MisconfigurationException">Lists every problem with option, value and remedy.</exception>
    public static void Require(TrainerOptions options)
    {
        var problems = Problems(options).Where(problem => problem.Length > 0).ToList();
        if (problems.Count > 0)
            throw new MisconfigurationException($"The Trainer's options have {problems.Count} problem{(problems.Count == 1 ? string.Empty : "s")}:\n  - {string.Join("\n  - ", problems)}");
    }

    /// <summary>The options with everything decided.</summary>
    public static TrainerOptions Resolve(TrainerOptions options, Messages messages)
    {
        options = WithDurations(options);
        if (options.FastDevRun.IsOn)
        {
            messages.Inform(
                MessageId.FastDevRun,
                $"{nameof(TrainerOptions.FastDevRun)}: {options.FastDevRun.Batches} batch(es) of each stage, one epoch; nothing is logged or saved, and limits, intervals and loggers of the options do not count.");
            options = ForFastDevRun(options);
        }
        else if (!options.OverfitBatches.IsNone)
        {
            SayOverfit(options, messages);
            options = options with { LimitTrainBatches = options.OverfitBatches, LimitValBatches = options.OverfitBatches };
        }

        if (options.Barebones)
        {
            messages.Inform(MessageId.Information, $"{nameof(TrainerOptions.Barebones)}: no loggers, checkpoints, progress, summary, report or sanity check; Log does nothing.");
            options = options with
            {
                EnableCheckpointing = false, EnableProgressBar = false, EnableModelSummary = false, NumSanityValSteps = 0, Loggers = [], LogEveryNSteps = 0, LogInterval = null,
            };
        }

        if (options.MaxEpochs is null && options.MaxSteps is null or -1 && options.MaxTime is null && options.MaxDuration is null)
        {
            options = options with { MaxEpochs = DefaultMaxEpochs }; // Fit says so; other entry points need no limit
        }

        if (options is { Benchmark: true, Deterministic: not Determinism.Off })
        {
            messages.Warn(
                MessageId.Degraded,
                $"{nameof(TrainerOptions.Benchmark)} = true and {nameof(TrainerOptions.Deterministic)} = {options.Deterministic} contradict each other: the fastest kernel may differ from run to run. {nameof(TrainerOptions.Benchmark)} is off.");
            options = options with { Benchmark = false };
        }

        return options is { MinEpochs: null, MinSteps: not null } ? options with { MinEpochs = 1 } : options;
    }

    // As in Lightning it wins; unlike there it says so.
    private static void SayOverfit(TrainerOptions options, Messages messages)
    {
        (string Name, Limit Value)[] limits = [(nameof(options.LimitTrainBatches), options.LimitTrainBatches), (nameof(options.LimitValBatches), options.LimitValBatches)];
        var replaced = limits.Where(limit => !limit.Value.IsAll && limit.Value != options.OverfitBatches).Select(limit => $"{limit.Name} = {limit.Value}").ToList();
        if (replaced.Count == 0) return;
        messages.Warn(
            MessageId.OptionOverridden,
            $"{nameof(options.OverfitBatches)} = {options.OverfitBatches} takes the place of {string.Join(" and ", replaced)}: it limits training and validation alike. Leave one of them out.");
    }

    private static TrainerOptions WithDurations(TrainerOptions options)
    {
        options = options.MaxDuration switch
        {
            { Unit: DurationUnit.Epochs } epochs => options with { MaxEpochs = (int)epochs.Amount, MaxDuration = null },
            { Unit: DurationUnit.Steps } steps => options with { MaxSteps = (long)steps.Amount, MaxDuration = null },
            { Unit: DurationUnit.Time } time => options with { MaxTime = TimeSpan.FromSeconds(time.Amount), MaxDuration = null },
            _ => options,
        };
        return options.MinDuration switch
        {
            { Unit: DurationUnit.Epochs } epochs => options with { MinEpochs = (int)epochs.Amount, MinDuration = null },
            { Unit: DurationUnit.Steps } steps => options with { MinSteps = (long)steps.Amount, MinDuration = null },
            _ => options,
        };
    }

    private static TrainerOptions ForFastDevRun(TrainerOptions options)
    {
        var batches = Limit.Batches(options.FastDevRun.Batches);
        return options with
        {
            LimitTrainBatches = options.OverfitBatches.IsNone ? batches : options.OverfitBatches,
            LimitValBatches = options.OverfitBatches.IsNone ? batches : options.OverfitBatches,
            LimitTestBatches = batches,
            LimitPredictBatches = batches,
            MaxEpochs = 1,
            MaxSteps = options.FastDevRun.Batches,
            MaxDuration = null,
            MinDuration = null,
            LogInterval = null,
            NumSanityValSteps = 0,
            ValCheckInterval = Every.Fraction(1.0),
            CheckValEveryNEpoch = 1,
            Loggers = [],
        };
    }

    private static IEnumerable<string> Problems(TrainerOptions o)
    {
        yield return Bad(o.MaxEpochs < -1, nameof(o.MaxEpochs), o.MaxEpochs, "a number of epochs from 0, or -1 for no limit");
        yield return Bad(o.MinEpochs < 0, nameof(o.MinEpochs), o.MinEpochs, "0 or more");
        yield return Bad(o.MaxSteps < -1, nameof(o.MaxSteps), o.MaxSteps, "a number of steps from 0, or -1 for no limit");
        yield return Bad(o.MinSteps < 0, nameof(o.MinSteps), o.MinSteps, "0 or more");
        yield return Bad(o.MaxTime <= TimeSpan.Zero, nameof(o.MaxTime), o.MaxTime, "a time above zero, or null for no limit");
        foreach (var problem in DurationProblems(o)) yield return problem;
        yield return Bad(o.TerminationDeadline < TimeSpan.Zero, nameof(o.TerminationDeadline), o.TerminationDeadline, "zero or more");
        yield return Bad(!Enum.IsDefined(o.OnNonFinite), nameof(o.OnNonFinite), (int)o.OnNonFinite, $"a value of {nameof(NonFiniteAction)}");
        yield return Bad(!o.LimitTrainBatches.IsValid, nameof(o.LimitTrainBatches), o.LimitTrainBatches, "Limit.Batches(0 or more) or Limit.Fraction(0 to 1)");
        yield return Bad(!o.LimitValBatches.IsValid, nameof(o.LimitValBatches), o.LimitValBatches, "Limit.Batches(0 or more) or Limit.Fraction(0 to 1)");
        yield return Bad(!o.LimitTestBatches.IsValid, nameof(o.LimitTestBatches), o.LimitTestBatches, "Limit.Batches(0 or more) or Limit.Fraction(0 to 1)");
        yield return Bad(!o.LimitPredictBatches.IsValid, nameof(o.LimitPredictBatches), o.LimitPredictBatches, "Limit.Batches(0 or more) or Limit.Fraction(0 to 1)");
        yield return Bad(!o.OverfitBatches.IsValid, nameof(o.OverfitBatches), o.OverfitBatches, "Limit.Batches(0 or more) or Limit.Fraction(0 to 1)");
        yield return Bad(o.FastDevRun.Batches < 0, nameof(o.FastDevRun), o.FastDevRun.Batches, "true, false or a number of batches");
        yield return Bad(o.NumSanityValSteps < -1, nameof(o.NumSanityValSteps), o.NumSanityValSteps, "0 (off), -1 (all) or a number of batches");
        yield return Bad(!o.ValCheckInterval.IsValid, nameof(o.ValCheckInterval), o.ValCheckInterval, "Every.Fraction or Every.RunFraction (above 0, up to 1), or a positive number of batches, steps, samples, epochs or seconds");
        yield return Bad(o.CheckValEveryNEpoch < 1, nameof(o.CheckValEveryNEpoch), o.CheckValEveryNEpoch, "1 or more, or null to count batches across epochs");
        yield return Bad(
            o.CheckValEveryNEpoch is null && o.ValCheckInterval.Unit == EveryUnit.EpochFraction, nameof(o.CheckValEveryNEpoch), "null",
            $"{nameof(o.ValCheckInterval)} in batches, steps or time with it, for example Every.Batches(1000); it is {o.ValCheckInterval}");
        yield return Bad(o.LogEveryNSteps < 0, nameof(o.LogEveryNSteps), o.LogEveryNSteps, "0 (never) or more");
        yield return Bad(o.AccumulateGradBatches < 1, nameof(o.AccumulateGradBatches), o.AccumulateGradBatches, "1 or more");
        yield return Bad(o.TruncatedBpttSteps < 0, nameof(o.TruncatedBpttSteps), o.TruncatedBpttSteps, "a number of time steps, or 0 for whole sequences");
        yield return Bad(
            o.TruncatedBpttSteps > 0 && o.AccumulateGradBatches > 1, nameof(o.TruncatedBpttSteps), o.TruncatedBpttSteps,
            $"{nameof(o.AccumulateGradBatches)} = 1 with it, as every window takes an optimizer step; it is {o.AccumulateGradBatches}");
        yield return Bad(o.GradientClipVal is < 0 or double.NaN, nameof(o.GradientClipVal), o.GradientClipVal, "a positive number, or null for no clipping");
        yield return Bad(!Enum.IsDefined(o.GradientClipAlgorithm), nameof(o.GradientClipAlgorithm), (int)o.GradientClipAlgorithm, $"{nameof(GradientClipAlgorithm.Norm)} or {nameof(GradientClipAlgorithm.Value)}");
        foreach (var problem in Contradictions(o)) yield return problem;
        yield return Bad(o.ReloadDataloadersEveryNEpochs < 0, nameof(o.ReloadDataloadersEveryNEpochs), o.ReloadDataloadersEveryNEpochs, "0 (never) or more");
        yield return Bad(o.Callbacks.Any(callback => callback is null), nameof(o.Callbacks), "a null entry", "callbacks only; remove the null");
        yield return Bad(o.Loggers?.Any(logger => logger is null) == true, nameof(o.Loggers), "a null entry", "loggers only; remove the null");
        yield return Bad(o.Seed is < 0 or > uint.MaxValue, nameof(o.Seed), o.Seed, "0 to 4294967295");
        yield return Bad(o.DefaultRootDir is { Length: 0 }, nameof(o.DefaultRootDir), "an empty text", "a folder, or null for the current one");
        yield return Bad(
            !o.EnableCheckpointing && o.Callbacks.Any(callback => callback is Callbacks.ModelCheckpoint), nameof(o.EnableCheckpointing), "false",
            $"true with a {nameof(Callbacks.ModelCheckpoint)} among the callbacks, or no such callback");
        yield return Bad(!Enum.IsDefined(o.Console), nameof(o.Console), (int)o.Console, $"a value of {nameof(ConsoleMode)}");
        foreach (var problem in ConsoleChoices.Problems(o)) yield return problem;
        yield return Bad(o.Precision is null, nameof(o.Precision), "null", $"one of {nameof(Precision)}'s, such as {nameof(Precision)}.{nameof(Precision.Float32)}");
        yield return Bad(!Enum.IsDefined(o.ChannelsLast), nameof(o.ChannelsLast), o.ChannelsLast, "Auto, On or Off");
        yield return Bad(!Enum.IsDefined(o.MemoryPolicy), nameof(o.MemoryPolicy), o.MemoryPolicy, "Auto, On or Off");
        yield return Bad(!Enum.IsDefined(o.Deterministic), nameof(o.Deterministic), o.Deterministic, "Off, On or Warn");
    }

    private static IEnumerable<string> DurationProblems(TrainerOptions o)
    {
        yield return Bad(
            o.MaxDuration is { Unit: DurationUnit.RunFraction }, nameof(o.MaxDuration), o.MaxDuration, "epochs, batches, steps, samples, a part of an epoch or a time: a run cannot be limited by a part of itself");
        yield return Bad(o.MaxDuration is { Unit: DurationUnit.Time, Amount: 0 }, nameof(o.MaxDuration), o.MaxDuration, "a time above zero");
        yield return Bad(Repeats(o.MaxDuration, DurationUnit.Epochs, o.MaxEpochs), nameof(o.MaxDuration), o.MaxDuration, $"no {nameof(o.MaxEpochs)} with it (it is {o.MaxEpochs}): give one of them");
        yield return Bad(Repeats(o.MaxDuration, DurationUnit.Steps, o.MaxSteps), nameof(o.MaxDuration), o.MaxDuration, $"no {nameof(o.MaxSteps)} with it (it is {o.MaxSteps}): give one of them");
        yield return Bad(Repeats(o.MaxDuration, DurationUnit.Time, o.MaxTime), nameof(o.MaxDuration), o.MaxDuration, $"no {nameof(o.MaxTime)} with it (it is {o.MaxTime}): give one of them");
        yield return Bad(
            o.MinDuration is { Unit: DurationUnit.RunFraction or DurationUnit.EpochFraction }, nameof(o.MinDuration), o.MinDuration, "epochs, batches, steps, samples or a time");
        yield return Bad(Repeats(o.MinDuration, DurationUnit.Epochs, o.MinEpochs), nameof(o.MinDuration), o.MinDuration, $"no {nameof(o.MinEpochs)} with it (it is {o.MinEpochs}): give one of them");
        yield return Bad(Repeats(o.MinDuration, DurationUnit.Steps, o.MinSteps), nameof(o.MinDuration), o.MinDuration, $"no {nameof(o.MinSteps)} with it (it is {o.MinSteps}): give one of them");
        yield return Bad(o.LogInterval is { IsValid: false }, nameof(o.LogInterval), o.LogInterval, "a positive number of batches, steps, epochs, samples or seconds, or a fraction above 0, up to 1");
        yield return Bad(o.LogInterval is not null && o.LogEveryNSteps is not null, nameof(o.LogInterval), o.LogInterval, $"no {nameof(o.LogEveryNSteps)} with it (it is {o.LogEveryNSteps}): give one of them");
        yield return Bad(
            o.ValCheckInterval.Unit == EveryUnit.RunFraction && o is { MaxEpochs: -1, MaxSteps: null or -1, MaxTime: null, MaxDuration: null }, nameof(o.ValCheckInterval), o.ValCheckInterval,
            $"a limit of the run with it, for example {nameof(o.MaxEpochs)}: nothing else says what the whole is");
    }

    private static IEnumerable<string> Contradictions(TrainerOptions o)
    {
        yield return Bad(o.MinEpochs > o.MaxEpochs && o.MaxEpochs >= 0, nameof(o.MinEpochs), o.MinEpochs, $"at most {nameof(o.MaxEpochs)} = {o.MaxEpochs}");
        yield return Bad(o.MinSteps > o.MaxSteps && o.MaxSteps >= 0, nameof(o.MinSteps), o.MinSteps, $"at most {nameof(o.MaxSteps)} = {o.MaxSteps}");
        yield return Bad(
            o.ValCheckInterval.Unit == EveryUnit.Epochs && o.CheckValEveryNEpoch is not (null or 1), nameof(o.CheckValEveryNEpoch), o.CheckValEveryNEpoch,
            $"1 with {nameof(o.ValCheckInterval)} = {o.ValCheckInterval}: both say in which epochs to validate");
        if (!o.Barebones) yield break;
        yield return Without(o.Loggers is { Count: > 0 }, nameof(o.Loggers), ", as the mode switches logging off");
        yield return Without(o.LogEveryNSteps > 0, nameof(o.LogEveryNSteps), ", as the mode switches logging off");
        yield return Without(o.LogInterval is not null, nameof(o.LogInterval), ", as the mode switches logging off");
        yield return Without(o.NumSanityValSteps is not (0 or 2), nameof(o.NumSanityValSteps), ", as the mode leaves the sanity check out");
        yield return Without(o.FastDevRun.IsOn, nameof(o.FastDevRun));
        yield return Without(o.DetectAnomaly, nameof(o.DetectAnomaly));
        yield return Without(o.Profiler is not null, nameof(o.Profiler));
        yield return Without(o.Callbacks.Any(callback => callback is Callbacks.ModelCheckpoint), nameof(Callbacks.ModelCheckpoint), ", as the mode saves nothing");

        static string Without(bool problem, string other, string reason = "") => Bad(problem, nameof(o.Barebones), "true", $"no {other} with it{reason}");
    }

    private static bool Repeats(Duration? duration, DurationUnit unit, object? other) => duration?.Unit == unit && other is not null;

    private static string Bad(bool problem, string option, object? value, string expected)
        => problem ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{option} = {value}: expected {expected}.") : string.Empty;
}
