namespace LightningSharp.Terminal;

/// <summary>A snapshot of a running stage. One object is kept and refilled for every drawing.</summary>
internal sealed class ProgressState
{
    /// <summary>Fit, SanityCheck, Validate, Test or Predict.</summary>
    public Stage Stage { get; set; }

    public int Epoch { get; set; }

    /// <summary>Index of the last epoch; null without a limit.</summary>
    public int? LastEpoch { get; set; }

    public int Batch { get; set; }

    public int? Batches { get; set; }

    /// <summary>Time in this stage; for training without the validation inside the epoch.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>What is left of the whole run, by the pace so far.</summary>
    public TimeSpan? RunRemaining { get; set; }

    /// <summary>Batches per second.</summary>
    public double Rate { get; set; }

    /// <summary>The running mean of the training loss; null when it is off or there is none.</summary>
    public double? Loss { get; set; }

    /// <summary>Share of the time that the loop waited for the next batch.</summary>
    public double DataShare { get; set; }

    public IReadOnlyDictionary<string, double> Metrics { get; set; } = new Dictionary<string, double>();

    /// <summary>The validation inside an epoch; null while training.</summary>
    public (int Batch, int? Batches, int Loader)? Validation { get; set; }
}
