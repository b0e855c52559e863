namespace LightningSharp;

/// <summary>Which devices of the accelerator to use: a number of them, all, or chosen ones. An <see cref="int"/> converts to a number.</summary>
public readonly record struct Devices
{
    private readonly int? _count;
    private readonly int[]? _indices;

    private Devices(int? count, int[]? indices) => (_count, _indices) = (count, indices);

    /// <summary>One CPU process, or every CUDA device; the default.</summary>
    public static Devices Auto => default;

    /// <summary>Every device that is there.</summary>
    public static Devices All => new(-1, null);

    /// <summary>The chosen devices, by index.</summary>
    public static Devices Indices(params int[] indices) => new(null, indices);

    /// <summary>The first <paramref name="count"/> devices; -1 means all.</summary>
    public static implicit operator Devices(int count) => new(count, null);

    /// <summary>The indices to use when <paramref name="available"/> devices are there.</summary>
    /// <exception cref="MisconfigurationException">No device, a duplicate, or one that does not exist.</exception>
    internal int[] Resolve(int available, string accelerator)
    {
        if (_indices is { } chosen) return CheckIndices(chosen, available, accelerator);
        if (_count is null) return [.. Enumerable.Range(0, accelerator == "cpu" ? 1 : available)];
        if (_count == -1) return [.. Enumerable.Range(0, available)];
        if (_count > 0 && _count <= available) return [.. Enumerable.Range(0, _count.Value)];
        throw new MisconfigurationException(
            $"{nameof(TrainerOptions.Devices)} = {_count} on accelerator {accelerator}: expected 1 to {available} (there are {available}), or {nameof(Devices)}.{nameof(All)}.");
    }

    /// <inheritdoc/>
    public override string ToString() => _indices is { } list ? $"[{string.Join(", ", list)}]" : _count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "auto";

    private static int[] CheckIndices(int[] chosen, int available, string accelerator)
    {
        var problem = chosen.Length == 0 ? "is empty"
            : chosen.Distinct().Count() != chosen.Length ? "names a device twice"
            : chosen.Any(index => index < 0 || index >= available) ? "names a device that does not exist" : null;
        return problem is null ? chosen : throw new MisconfigurationException(
            $"{nameof(TrainerOptions.Devices)} = [{string.Join(", ", chosen)}] {problem}. Accelerator {accelerator} has these devices: "
            + $"[{string.Join(", ", Enumerable.Range(0, available))}].");
    }
}
