namespace LightningSharp.Data.Reading;

/// <summary>Short texts for messages.</summary>
internal static class Describe
{
    private const int Most = 8;

    /// <summary>How a data set or stream is called: by its type if the user wrote it.</summary>
    public static string Name(object data) =>
        data.GetType() is { Namespace: "LightningSharp.Data.Reading" } ? data is IStreamDataset ? "The stream" : "The data set" : BatchAssembler.Name(data.GetType());

    public static string Indices(ReadOnlySpan<int> indices)
    {
        string text = string.Join(", ", indices[..Math.Min(Most, indices.Length)].ToArray());
        return indices.Length > Most ? text + ", …" : text;
    }

    public static string Shape(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
