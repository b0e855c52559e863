namespace LightningSharp.Terminal;

/// <summary>What a run tells about itself before it starts.</summary>
internal sealed record RunFacts
{
    public required string Version { get; init; }

    public required string TorchSharp { get; init; }

    public required string LibTorch { get; init; }

    public required string Runtime { get; init; }

    public required string Device { get; init; }

    public required int Threads { get; init; }

    /// <summary>A graphics processor is there, whether it is used or not.</summary>
    public required bool HasGpu { get; init; }

    public required string Precision { get; init; }

    public long? Seed { get; init; }

    /// <summary>Null when the run writes nothing.</summary>
    public string? RunDirectory { get; init; }

    /// <summary>What deserves a line of its own: an unused graphics processor, a quick development run.</summary>
    public IReadOnlyList<(string Text, Tone Tone)> Hints { get; init; } = [];
}
