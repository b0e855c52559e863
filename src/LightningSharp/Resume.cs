namespace LightningSharp;

/// <summary>What <c>Fit</c>, <c>Validate</c>, <c>Test</c> or <c>Predict</c> load before they start. A path converts to <see cref="From"/>.</summary>
public sealed record Resume
{
    private Resume(ResumeSource source, string? path) => (Source, Path) = (source, path);

    /// <summary>The best checkpoint of the Trainer's checkpoint callback.</summary>
    public static Resume Best { get; } = new(ResumeSource.Best, null);

    /// <summary>The newest checkpoint: of this Trainer's checkpoint folders, or of the newest run below its root folder. An error when there is none.</summary>
    public static Resume Last { get; } = new(ResumeSource.Last, null);

    /// <summary>Like <see cref="Last"/> when there is one, otherwise a fresh start: for jobs that are started again and again.</summary>
    public static Resume Auto { get; } = new(ResumeSource.Auto, null);

    /// <summary>Where the checkpoint comes from.</summary>
    public ResumeSource Source { get; }

    /// <summary>The file, for <see cref="From"/>.</summary>
    public string? Path { get; }

    /// <summary>Load only the weights and start from the beginning: a warm start.</summary>
    /// <value>Default: false, everything is restored.</value>
    public bool WeightsOnly { get; init; }

    /// <summary>Restore the optimizers' state.</summary>
    /// <value>Default: true.</value>
    public bool Optimizers { get; init; } = true;

    /// <summary>Restore the schedulers' state.</summary>
    /// <value>Default: true.</value>
    public bool Schedulers { get; init; } = true;

    /// <summary>Restore epoch, step and the position in the data.</summary>
    /// <value>Default: true.</value>
    public bool Position { get; init; } = true;

    /// <summary>Restore the random generators.</summary>
    /// <value>Default: true.</value>
    public bool Random { get; init; } = true;

    /// <summary>Every key of the file must be in the model and the other way round.</summary>
    /// <value>Default: true.</value>
    public bool Strict { get; init; } = true;

    /// <summary>Renames keys of the file's weights; null leaves one out.</summary>
    public Func<string, string?>? MapKey { get; init; }

    /// <summary>A file: ours, Lightning's, or for weights any PyTorch state dict or safetensors file.</summary>
    public static Resume From(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new Resume(ResumeSource.File, path);
    }

    /// <summary>A file.</summary>
    public static implicit operator Resume(string path) => From(path);
}
