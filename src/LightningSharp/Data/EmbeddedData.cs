using LightningSharp.Data.Formats;

namespace LightningSharp.Data;

/// <summary>The data sets that the assembly carries; their origin and licences are in NOTICE.md beside them.</summary>
internal static class EmbeddedData
{
    /// <summary>The decoded content of a resource.</summary>
    public static byte[] Read(string name, long limit)
    {
        using var stream = typeof(EmbeddedData).Assembly.GetManifestResourceStream("data/" + name)
            ?? throw new DataException($"LightningSharp.dll does not hold {name}. Expected a whole assembly: were resources removed from it (trimming, ILMerge)?");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return GzipPayload.Decode(content, name, limit);
    }
}
