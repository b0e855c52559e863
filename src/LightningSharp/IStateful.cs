namespace LightningSharp;

/// <summary>
/// Something whose state belongs into a checkpoint: callbacks, loaders, samplers, schedulers, metrics.
/// State is plain data: null, <see cref="bool"/>, <see cref="long"/> or <see cref="int"/>, <see cref="double"/>, <see cref="string"/>, tensors,
/// and lists (<see cref="IReadOnlyList{T}"/> of <c>object?</c>) and dictionaries (text to <c>object?</c>) of these.
/// </summary>
public interface IStateful
{
    /// <summary>Everything needed to go on later exactly where this object is now. Tensors are live references; the checkpoint copies them.</summary>
    IReadOnlyDictionary<string, object?> StateDict();

    /// <summary>Continues from what <see cref="StateDict"/> returned, perhaps in another process. Whole numbers arrive as <see cref="long"/>.</summary>
    /// <param name="state">The saved state; unknown keys are to be ignored, missing ones keep their default.</param>
    void LoadStateDict(IReadOnlyDictionary<string, object?> state);
}
