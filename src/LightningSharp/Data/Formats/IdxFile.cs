using System.Buffers.Binary;

namespace LightningSharp.Data.Formats;

/// <summary>
/// The IDX format of the MNIST family: two zero bytes, element type (8 = unsigned byte), number of dimensions, the dimensions as big-endian 32-bit numbers, the elements.
/// </summary>
/// <param name="Shape">The dimensions.</param>
/// <param name="Content">The whole file, decoded.</param>
/// <param name="Offset">Where the elements begin.</param>
internal sealed record IdxFile(long[] Shape, byte[] Content, int Offset)
{
    /// <summary>Largest decoded file that is read: EMNIST's biggest has 620 MB.</summary>
    public const long DefaultLimit = 1L << 30;
    private const int MaxDimensions = 8;

    /// <summary>The elements, row-major.</summary>
    public ReadOnlySpan<byte> Elements => Content.AsSpan(Offset);

    /// <summary>Reads a file, gzipped or not.</summary>
    /// <exception cref="DataException">The file is damaged, cut off, too long, or not of unsigned bytes; the message names it, what was expected and what was received.</exception>
    public static IdxFile Read(string path, long limit = DefaultLimit) => Parse(GzipPayload.Read(path, limit), path);

    /// <summary>Reads decoded content; <paramref name="name"/> is for messages.</summary>
    public static IdxFile Parse(byte[] content, string name)
    {
        if (content.Length < 4)
            throw Wrong(name, "a header of at least 4 bytes", $"{content.Length} bytes in all");
        if (content[0] != 0 || content[1] != 0 || content[2] != 8)
            throw Wrong(name, "the bytes 00 00 08 (unsigned bytes) at its start", Convert.ToHexString(content, 0, 3));
        int dimensions = content[3];
        if (dimensions is 0 or > MaxDimensions)
            throw Wrong(name, $"1 to {MaxDimensions} dimensions", dimensions.ToString());
        int offset = 4 + (4 * dimensions);
        if (content.Length < offset)
            throw Wrong(name, $"a header of {offset} bytes for {dimensions} dimensions", $"{content.Length} bytes in all");
        var shape = new long[dimensions];
        Int128 elements = 1;
        for (int i = 0; i < dimensions; i++)
        {
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(4 + (4 * i)));
            if (shape[i] < 0)
                throw Wrong(name, "dimensions that are not negative", $"{shape[i]} for dimension {i}");
            elements *= shape[i];   // eight factors below 2^31 could pass 2^127, but the comparison below stops at the first absurd one
            if (elements > long.MaxValue)
                break;
        }

        if (elements != content.Length - offset)
            throw Wrong(name, $"{elements} elements after the header (its dimensions are {string.Join(" x ", shape)})", $"{content.Length - offset}");
        return new IdxFile(shape, content, offset);
    }

    private static DataException Wrong(string name, string expected, string received) =>
        new($"{name} is not a whole IDX file. Expected {expected}, received {received}. Delete the file and fetch it again.");
}
