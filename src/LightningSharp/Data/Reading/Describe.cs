namespace LightningSharp.Data.Reading;

/// <summary>Short texts for messages.</summary>
internal static class Describe
{
    private const int Most = 8;

    public static string Indices(ReadOnlySpan<int> indices)
    {
        string text = string.Join(", ", indices[..Math.Min(Most, indices.Length)].ToArray());
        return indices.Length > Most ? text + ", …" : text;
    }

    public static string Shape(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
