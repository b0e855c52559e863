using System.Text;
using LightningSharp.Checkpointing;

namespace LightningSharp.Tests.Checkpointing;

public class FileSnifferTests
{
    public static TheoryData<string, byte[], string> Wrong => new()
    {
        { "zeros", new byte[600], "zeros only" },
        { "git lfs", Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), "git lfs pull" },
        { "page", Encoding.ASCII.GetBytes("\n <!DOCTYPE html><html></html>"), "HTML" },
        { "gzip", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0], "gzip" },
        { "hdf5", [0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10, 26, 10, 0], "HDF5" },
        { "bare pickle", [0x80, 2, (byte)'}', (byte)'.'], "bare pickle" },
        { "pickle's first byte alone", [0x80, 9, 1, 2], "neither a PyTorch checkpoint" },
        { "another first byte", [0x81, 2, 1, 2], "neither a PyTorch checkpoint" },
        { "one byte", [0x80], "neither a PyTorch checkpoint" },
        { "tar", Tar(300), "tar archive" },
        { "a tar's first bytes", Tar(263), "tar archive" },
        { "the mark of a tar cut off", Tar(262), "neither a PyTorch checkpoint" },
        { "half a zip mark", "PK"u8.ToArray(), "neither a PyTorch checkpoint" },
        { "text", Encoding.ASCII.GetBytes("hello, this is a text"), "neither a PyTorch checkpoint" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_file_of_another_kind_is_named_for_what_it_is(string kind, byte[] bytes, string expected)
    {
        var error = Assert.ThrowsAny<CheckpointException>(() => CheckpointFile.Read(new MemoryStream(bytes)));

        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), $"{kind}: {error.Message}");
    }

    private static byte[] Tar(int length)
    {
        var bytes = new byte[300];
        bytes[0] = (byte)'d';
        "ustar"u8.CopyTo(bytes.AsSpan(257));
        return bytes[..length];
    }
}
