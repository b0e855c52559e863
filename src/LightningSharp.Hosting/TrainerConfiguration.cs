using System.Globalization;
using LightningSharp.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace LightningSharp.Hosting;

/// <summary>Reads the Trainer's settings from configuration: files, environment, command line. By a table and not by reflection, so that trimmed programs read the same.</summary>
public static class TrainerConfiguration
{
    private static readonly Dictionary<string, Func<TrainerOptions, string, TrainerOptions>> Settings = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(TrainerOptions.MaxEpochs)] = (o, text) => o with { MaxEpochs = Int(text) },
        [nameof(TrainerOptions.MinEpochs)] = (o, text) => o with { MinEpochs = Int(text) },
        [nameof(TrainerOptions.MaxSteps)] = (o, text) => o with { MaxSteps = Long(text) },
        [nameof(TrainerOptions.MinSteps)] = (o, text) => o with { MinSteps = Long(text) },
        [nameof(TrainerOptions.MaxTime)] = (o, text) => o with { MaxTime = Time(text) },
        [nameof(TrainerOptions.MaxDuration)] = (o, text) => o with { MaxDuration = Length(text) },
        [nameof(TrainerOptions.MinDuration)] = (o, text) => o with { MinDuration = Length(text) },
        [nameof(TrainerOptions.LimitTrainBatches)] = (o, text) => o with { LimitTrainBatches = Amount(text) },
        [nameof(TrainerOptions.LimitValBatches)] = (o, text) => o with { LimitValBatches = Amount(text) },
        [nameof(TrainerOptions.LimitTestBatches)] = (o, text) => o with { LimitTestBatches = Amount(text) },
        [nameof(TrainerOptions.LimitPredictBatches)] = (o, text) => o with { LimitPredictBatches = Amount(text) },
        [nameof(TrainerOptions.OverfitBatches)] = (o, text) => o with { OverfitBatches = Amount(text) },
        [nameof(TrainerOptions.FastDevRun)] = (o, text) => o with { FastDevRun = bool.TryParse(text, out var on) ? on : Int(text) },
        [nameof(TrainerOptions.NumSanityValSteps)] = (o, text) => o with { NumSanityValSteps = Int(text) },
        [nameof(TrainerOptions.ValCheckInterval)] = (o, text) => o with { ValCheckInterval = Interval(text) },
        [nameof(TrainerOptions.CheckValEveryNEpoch)] = (o, text) => o with { CheckValEveryNEpoch = text.Equals("null", StringComparison.OrdinalIgnoreCase) ? null : Int(text) },
        [nameof(TrainerOptions.ValidateAtStart)] = (o, text) => o with { ValidateAtStart = Bool(text) },
        [nameof(TrainerOptions.ValidateAtEnd)] = (o, text) => o with { ValidateAtEnd = Bool(text) },
        [nameof(TrainerOptions.LogEveryNSteps)] = (o, text) => o with { LogEveryNSteps = Int(text) },
        [nameof(TrainerOptions.LogInterval)] = (o, text) => o with { LogInterval = Interval(text) },
        [nameof(TrainerOptions.TruncatedBpttSteps)] = (o, text) => o with { TruncatedBpttSteps = Int(text) },
        [nameof(TrainerOptions.AccumulateGradBatches)] = (o, text) => o with { AccumulateGradBatches = Int(text) },
        [nameof(TrainerOptions.GradientClipVal)] = (o, text) => o with { GradientClipVal = Double(text) },
        [nameof(TrainerOptions.GradientClipAlgorithm)] = (o, text) => o with { GradientClipAlgorithm = Name<GradientClipAlgorithm>(text) },
        [nameof(TrainerOptions.Accelerator)] = (o, text) => o with { Accelerator = Name<Accelerator>(text) },
        [nameof(TrainerOptions.Devices)] = (o, text) => o with { Devices = Int(text) },
        [nameof(TrainerOptions.DefaultRootDir)] = (o, text) => o with { DefaultRootDir = text },
        [nameof(TrainerOptions.EnableCheckpointing)] = (o, text) => o with { EnableCheckpointing = Bool(text) },
        [nameof(TrainerOptions.EnableReport)] = (o, text) => o with { EnableReport = Bool(text) },
        [nameof(TrainerOptions.EnableProgressBar)] = (o, text) => o with { EnableProgressBar = Bool(text) },
        [nameof(TrainerOptions.EnableModelSummary)] = (o, text) => o with { EnableModelSummary = Bool(text) },
        [nameof(TrainerOptions.Console)] = (o, text) => o with { Console = Name<ConsoleMode>(text) },
        [nameof(TrainerOptions.InferenceMode)] = (o, text) => o with { InferenceMode = Bool(text) },
        [nameof(TrainerOptions.DetectAnomaly)] = (o, text) => o with { DetectAnomaly = Bool(text) },
        [nameof(TrainerOptions.OnNonFinite)] = (o, text) => o with { OnNonFinite = Name<NonFiniteAction>(text) },
        [nameof(TrainerOptions.CheckGradients)] = (o, text) => o with { CheckGradients = Bool(text) },
        [nameof(TrainerOptions.LeakCheck)] = (o, text) => o with { LeakCheck = Bool(text) },
        [nameof(TrainerOptions.FinalizerGate)] = (o, text) => o with { FinalizerGate = Bool(text) },
        [nameof(TrainerOptions.NativeGuard)] = (o, text) => o with { NativeGuard = Bool(text) },
        [nameof(TrainerOptions.MemoryWatch)] = (o, text) => o with { MemoryWatch = Bool(text) },
        [nameof(TrainerOptions.TerminationDeadline)] = (o, text) => o with { TerminationDeadline = Time(text) },
        [nameof(TrainerOptions.ReloadDataloadersEveryNEpochs)] = (o, text) => o with { ReloadDataloadersEveryNEpochs = Int(text) },
        [nameof(TrainerOptions.Barebones)] = (o, text) => o with { Barebones = Bool(text) },
        [nameof(TrainerOptions.Seed)] = (o, text) => o with { Seed = Long(text) },
        [nameof(TrainerOptions.EnableAutologHparams)] = (o, text) => o with { EnableAutologHparams = Bool(text) },
        [nameof(TrainerOptions.Precision)] = (o, text) => o with { Precision = Precision.Parse(text) },
        [nameof(TrainerOptions.FusedOptimizers)] = (o, text) => o with { FusedOptimizers = Bool(text) },
        [nameof(TrainerOptions.ChannelsLast)] = (o, text) => o with { ChannelsLast = Name<EngineMode>(text) },
        [nameof(TrainerOptions.MemoryPolicy)] = (o, text) => o with { MemoryPolicy = Name<EngineMode>(text) },
        [nameof(TrainerOptions.Deterministic)] = (o, text) => o with { Deterministic = Name<Determinism>(text) },
        [nameof(TrainerOptions.Benchmark)] = (o, text) => o with { Benchmark = Bool(text) },
        [nameof(TrainerOptions.AllowTf32)] = (o, text) => o with { AllowTf32 = Bool(text) },
    };

    /// <summary>The options with what a section of the configuration says; what it does not name stays as it is. Numbers are written as in code, whatever the culture.</summary>
    /// <param name="options">What to start from.</param>
    /// <param name="section">For example <c>configuration.GetSection("Training")</c>; one key per option.</param>
    /// <exception cref="MisconfigurationException">Unknown keys and values of the wrong kind: all of them are listed, with what was expected.</exception>
    public static TrainerOptions Apply(TrainerOptions options, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(section);
        var problems = new List<string>();
        foreach (var entry in section.GetChildren())
        {
            if (!Settings.TryGetValue(entry.Key, out var set))
            {
                problems.Add($"{entry.Path} is not a setting of the Trainer that configuration can hold.{NearestName.Hint(entry.Key, Settings.Keys)}");
            }
            else if (entry.Value is not { } text)
            {
                problems.Add($"{entry.Path} holds {(entry.GetChildren().Any() ? "a group of values" : "nothing")}: expected one value.");
            }
            else
            {
                try
                {
                    options = set(options, text);
                }
                catch (Exception exception) when (exception is FormatException or LightningException or ArgumentException)
                {
                    problems.Add($"{entry.Path} = '{text}': {exception.Message}");
                }
            }
        }

        return problems.Count == 0 ? options : throw new MisconfigurationException($"The configuration of the Trainer has {problems.Count} problem{(problems.Count == 1 ? string.Empty : "s")}:\n  - {string.Join("\n  - ", problems)}");
    }

    private static int Int(string text)
        => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException("expected a whole number, such as 5.");

    private static long Long(string text)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException("expected a whole number, such as 1000.");

    private static double Double(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException("expected a number with a point, such as 0.5.");

    private static bool Bool(string text) => bool.TryParse(text, out var value) ? value : throw new FormatException("expected true or false.");

    private static TimeSpan Time(string text)
        => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException("expected a time as [days.]hours:minutes:seconds, such as 11:30:00 or 1.12:00:00.");

    private static T Name<T>(string text)
        where T : struct, Enum
        => Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0])
            ? value : throw new FormatException($"expected one of {string.Join(", ", Enum.GetNames<T>())}.");

    private static Limit Amount(string text)
        => text.Contains('.', StringComparison.Ordinal) ? Limit.Fraction(Double(text))
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var batches) ? Limit.Batches(batches)
            : throw new FormatException("expected a number of batches (10) or a fraction with a point (0.25, 1.0).");

    // "10 epochs", "5000 steps", "200 batches", "1000000 samples", or a time.
    private static Duration Length(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal)) return Duration.Time(Time(text));
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var count = parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        return (count >= 0 ? parts[1].ToLowerInvariant() : string.Empty) switch
        {
            "epochs" => Duration.Epochs(checked((int)Math.Min(count, int.MaxValue))),
            "batches" => Duration.Batches(count),
            "steps" => Duration.Steps(count),
            "samples" => Duration.Samples(count),
            _ => throw new FormatException("expected a number and its unit (10 epochs, 5000 steps, 200 batches, 1000000 samples), or a time (11:30:00)."),
        };
    }

    private static Every Interval(string text)
        => text.Contains(':', StringComparison.Ordinal) ? Every.Time(Time(text))
            : text.Contains('.', StringComparison.Ordinal) ? Every.Fraction(Double(text))
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var batches) ? Every.Batches(batches)
            : throw new FormatException("expected a number of batches (500), a fraction of an epoch (0.25) or a time (00:10:00).");
}
