using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using LightningSharp.Checkpointing;
using LightningSharp.Checkpointing.Pickling;

namespace LightningSharp.Tests.Checkpointing;

/// <summary>The bytes are those that Python's own writer of protocol 2 makes.</summary>
public class PickleWriterTests
{
    public static TheoryData<object?, string> Values => new()
    {
        { null, "N" },
        { true, "\u0088" },
        { false, "\u0089" },
        { 0L, "K\0" },
        { 255L, "K\u00ff" },
        { 256L, "M\0\u0001" },
        { 65535L, "M\u00ff\u00ff" },
        { 65536L, "J\0\0\u0001\0" },
        { -1L, "J\u00ff\u00ff\u00ff\u00ff" },
        { 2147483647L, "J\u00ff\u00ff\u00ff\u007f" },
        { -2147483648L, "J\0\0\0\u0080" },
        { 2147483648L, "\u008a\u0005\0\0\0\u0080\0" },
        { -2147483649L, "\u008a\u0005\u00ff\u00ff\u00ff\u007f\u00ff" },
        { long.MinValue, "\u008a\u0008\0\0\0\0\0\0\0\u0080" },
        { BigInteger.Pow(2, 64), "\u008a\u0009\0\0\0\0\0\0\0\0\u0001" },
        { 1.5, "G\u003f\u00f8\0\0\0\0\0\0" },
        { "é", "X\u0002\0\0\0\u00c3\u00a9q\u0001" },
        { Tuple(), ")" },
        { Tuple(1L), "K\u0001\u0085" },
        { Tuple(1L, 2L), "K\u0001K\u0002\u0086" },
        { Tuple(1L, 2L, 3L), "K\u0001K\u0002K\u0003\u0087" },
        { Tuple(1L, 2L, 3L, 4L), "(K\u0001K\u0002K\u0003K\u0004t" },
        { List(0), "]" },
        { List(2), "](K\u0007K\u0007e" },
        { new DictNode(), "}" },
        { new DictNode(isOrderedDict: true), "ccollections\nOrderedDict\nq\u0001)R" },
        { new byte[] { 0x41, 0xff }, "c_codecs\nencode\nq\u0001X\u0003\0\0\0A\u00c3\u00bfq\u0002X\u0006\0\0\0latin1q\u0003\u0086R" },
        { new Complex(1, 0), "c__builtin__\ncomplex\nq\u0001G\u003f\u00f0\0\0\0\0\0\0G\0\0\0\0\0\0\0\0\u0086R" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Each_value_has_its_shortest_form(object? value, string expected) => Assert.Equal(expected, Written(value));

    [Theory]
    [InlineData(999, 1)]
    [InlineData(1000, 1)]
    [InlineData(1001, 2)]
    [InlineData(2000, 2)]
    public void Long_lists_are_appended_a_thousand_at_a_time(int length, int parts)
    {
        var expected = new StringBuilder("]");
        for (var start = 0; start < length; start += 1000) expected.Append('(').Insert(expected.Length, "K\u0007", Math.Min(1000, length - start)).Append('e');

        var written = Written(List(length));

        Assert.Equal(expected.ToString(), written);
        Assert.Equal(parts, written.Count(c => c == 'e'));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    public void Long_dictionaries_are_filled_a_thousand_at_a_time(int length)
    {
        var node = new DictNode();
        for (var i = 0L; i < length; i++) node.TryAdd(i, null);
        var expected = new StringBuilder("}");
        for (var i = 0; i < length; i++)
        {
            if (i % 1000 == 0) expected.Append(i == 0 ? "(" : "u(");
            expected.Append(i < 256 ? $"K{(char)i}N" : $"M{(char)(i % 256)}{(char)(i / 256)}N");
        }

        Assert.Equal(expected.Append('u').ToString(), Written(node));
    }

    [Fact]
    public void A_text_is_written_once_and_then_named_by_its_number()
    {
        var list = new ListNode();
        for (var round = 0; round < 2; round++) list.Items.AddRange(Enumerable.Range(0, 300).Select(i => (object?)$"t{i}"));
        var expected = new StringBuilder("](");
        for (var i = 1; i <= 300; i++) expected.Append('X').Append(Number($"t{i - 1}".Length)).Append($"t{i - 1}").Append(i < 256 ? $"q{(char)i}" : $"r{Number(i)}"); // 0 is the key of the whole
        for (var i = 1; i <= 300; i++) expected.Append(i < 256 ? $"h{(char)i}" : $"j{Number(i)}");

        Assert.Equal(expected.Append('e').ToString(), Written(list));
    }

    [Fact]
    public void A_class_is_named_once_too()
    {
        var list = new ListNode();
        list.Items.AddRange([new DictNode(isOrderedDict: true), new DictNode(isOrderedDict: true), "collections\nOrderedDict\n"]);

        Assert.Equal("](ccollections\nOrderedDict\nq\u0001)Rh\u0001)RX\u0018\0\0\0collections\nOrderedDict\nq\u0002e", Written(list));
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void A_whole_number_has_at_most_255_bytes(int bytes, bool fits)
    {
        var number = BigInteger.Pow(2, (8 * bytes) - 2);

        var error = Record.Exception(() => Written(number));

        if (fits) Assert.Null(error);
        else Assert.Contains("A whole number of 256 bytes cannot be saved; the limit is 255 bytes", Assert.IsType<CheckpointException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_lists_dictionaries_and_numbers_come_back()
    {
        using var folder = new TestFolder();
        var list = Enumerable.Range(0, 2500).Select(i => (object?)(long)i).ToList();
        var dictionary = Enumerable.Range(0, 1500).ToDictionary(i => $"key{i}", i => (object?)(long)i);

        CheckpointFile.Write(folder["a.ckpt"], new Dictionary<string, object?> { ["list"] = list, ["dictionary"] = dictionary, ["number"] = BigInteger.Pow(2, 2000) });

        using var read = CheckpointFile.Read(folder["a.ckpt"]);
        Assert.Equal(list, read["list"]);
        Assert.Equal(dictionary, Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(read["dictionary"]));
        Assert.Equal(BigInteger.Pow(2, 2000), read["number"]);
    }

    private static string Number(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Encoding.Latin1.GetString(bytes);
    }

    private static TupleNode Tuple(params object?[] items) => new(items);

    private static ListNode List(int length)
    {
        var list = new ListNode();
        for (var i = 0; i < length; i++) list.Items.Add(7L);
        return list;
    }

    // Of a dictionary with one entry, whose key is the first text.
    private static string Written(object? value)
    {
        var root = new DictNode();
        root.TryAdd("v", value);
        var text = Encoding.Latin1.GetString(PickleWriter.Write(root).Span);
        const string Start = "\u0080\u0002}(X\u0001\0\0\0vq\0";
        Assert.StartsWith(Start, text, StringComparison.Ordinal);
        Assert.EndsWith("u.", text, StringComparison.Ordinal);
        return text[Start.Length..^2];
    }
}
