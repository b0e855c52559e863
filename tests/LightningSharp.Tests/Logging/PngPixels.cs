using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace LightningSharp.Tests.Logging;

/// <summary>Takes a PNG apart without an imaging library: chunk by chunk, every checksum compared with zlib's own.</summary>
internal static class PngPixels
{
    /// <summary>The pixels of an unfiltered 8-bit grey PNG.</summary>
    internal static MemoryStream Decode(byte[] png)
    {
        Assert.Equal([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], png[..8]);
        var (width, data) = (0, Array.Empty<byte>());
        List<string> chunks = [];
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var type = Encoding.ASCII.GetString(png, at + 4, 4);
            Assert.Equal(Crc(png.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            width = type == "IHDR" ? BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at + 8)) : width;
            data = type == "IDAT" ? png[(at + 8)..(at + 8 + length)] : data;
            chunks.Add(type);
            at += 12 + length;
        }

        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks);
        using var unpacked = new MemoryStream();
        using (var zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress))
        {
            zlib.CopyTo(unpacked);
        }

        var pixels = new MemoryStream();
        foreach (var row in unpacked.ToArray().Chunk(width + 1))
        {
            Assert.Equal(0, row[0]);
            pixels.Write(row, 1, width);
        }

        return pixels;
    }

    /// <summary>The trailer of a gzip stream holds the CRC-32 of its content: the same polynomial as PNG's, computed by zlib.</summary>
    private static uint Crc(ReadOnlySpan<byte> data)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression, leaveOpen: true))
        {
            gzip.Write(data);
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(packed.ToArray().AsSpan()[^8..]);
    }
}
