using System.Text;
using LightningSharp.Checkpointing;

namespace LightningSharp.Tests.Checkpointing;

public class Crc32Tests
{
    [Fact]
    public void The_check_value_of_the_standard_is_right() => Assert.Equal(0xCBF43926u, Crc32.Of(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Both_ways_of_computing_agree_for_every_length_and_cut()
    {
        var bytes = new byte[1000];
        new Random(1).NextBytes(bytes);

        for (var length = 0; length < 300; length++) Assert.Equal(Crc32.AppendByTable(0, bytes.AsSpan(0, length)), Crc32.Of(bytes.AsSpan(0, length)));
        for (var cut = 0; cut <= bytes.Length; cut += 7) Assert.Equal(Crc32.Of(bytes), Crc32.Append(Crc32.Of(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
    }
}
