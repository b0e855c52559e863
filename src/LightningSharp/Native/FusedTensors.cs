namespace LightningSharp.Native;

/// <summary>Borrowed handles of what one call of a fused optimizer kernel reads and writes; parallel lists of equal length.</summary>
internal readonly ref struct FusedTensors(
    ReadOnlySpan<nint> parameters, ReadOnlySpan<nint> gradients, ReadOnlySpan<nint> state0, ReadOnlySpan<nint> state1, ReadOnlySpan<nint> state2, nint step)
{
    public ReadOnlySpan<nint> Parameters { get; } = parameters;

    public ReadOnlySpan<nint> Gradients { get; } = gradients;

    public ReadOnlySpan<nint> State0 { get; } = state0;

    public ReadOnlySpan<nint> State1 { get; } = state1;

    public ReadOnlySpan<nint> State2 { get; } = state2;

    /// <summary>The step count of all of them: a 0-dimensional float32 tensor.</summary>
    public nint Step { get; } = step;
}
