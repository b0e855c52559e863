using System.IO.Compression;
using LightningSharp.Data.Formats;

namespace LightningSharp.Tests.Data.Formats;

public sealed class IdxFileTests
{
    private static byte[] Images(int count = 2, int extra = 0) =>
        [0, 0, 8, 3, 0, 0, 0, (byte)count, 0, 0, 0, 2, 0, 0, 0, 2, .. Enumerable.Range(0, 8 + extra).Select(i => (byte)i)];

    private static byte[] Zip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
            gzip.Write(content);
        return target.ToArray();
    }

    private static IdxFile Read(byte[] content, long limit = 1 << 20) => IdxFile.Parse(GzipPayload.Decode(content, "digits.gz", limit), "digits.gz");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_good_file_gives_shape_and_elements(bool zipped)
    {
        var file = Read(zipped ? Zip(Images()) : Images());

        Assert.Equal([2L, 2, 2], file.Shape);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], file.Elements.ToArray());
    }

    public static TheoryData<string, byte[], string> BadFiles => new()
    {
        { "empty", [], "at least 4 bytes" },
        { "wrong magic", [1, 2, 3, 4, 5], "00 00 08" },
        { "float elements", [0, 0, 13, 1, 0, 0, 0, 0], "00 00 08" },
        { "no dimensions", [0, 0, 8, 0], "1 to 8 dimensions" },
        { "255 dimensions", [0, 0, 8, 255, .. new byte[1020]], "1 to 8 dimensions" },
        { "half a header", [0, 0, 8, 3, 0, 0, 0, 2], "header of 16 bytes" },
        { "negative count", [0, 0, 8, 1, 255, 255, 255, 255, 0], "not negative" },
        { "2^31 - 1 images", [0, 0, 8, 3, 127, 255, 255, 255, 0, 0, 0, 28, 0, 0, 0, 28, .. new byte[100]], "elements" },
        { "product that wraps", [0, 0, 8, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0], "elements" },
        { "eight largest dimensions", [0, 0, 8, 8, .. Enumerable.Repeat<byte[]>([127, 255, 255, 255], 8).SelectMany(b => b)], "elements" },
        { "two bytes too many", Images(extra: 2), "8 elements" },
        { "one image missing", Images(count: 3), "12 elements" },
        { "gzip cut before its trailer", Zip(Images())[..^8], "damaged" },
        { "gzip cut in the middle", Zip(Images())[..20], "damaged" },
        { "gzip with a wrong checksum", Flip(Zip(Images()), ^6), "damaged" },
        { "gzip with a wrong length", Flip(Zip(Images()), ^4), "damaged" },
        { "gzip header alone", [0x1f, 0x8b], "damaged" },
        { "gzip bomb", Zip(new byte[2 << 20]), "limit" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void A_bad_file_is_refused_with_its_name_and_what_was_expected(string what, byte[] content, string expected)
    {
        var error = Assert.Throws<DataException>(() => Read(content));

        Assert.Contains("digits.gz", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(what);
    }

    private static byte[] Flip(byte[] content, Index at)
    {
        content[at] ^= 0x10;
        return content;
    }
}
