using System.Buffers.Binary;
using System.Text;
using LightningSharp.Checkpointing;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Checkpointing;

public class SafeTensorsFileTests
{
    private static readonly ScalarType[] Types = [ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool, ScalarType.ComplexFloat32];

    [Fact]
    public void Tensors_and_metadata_come_back_bit_for_bit()
    {
        using var folder = new TestFolder();
        using var scope = NewDisposeScope();
        var tensors = Types.ToDictionary(type => $"x.{type}", type => arange(0, 6, ScalarType.Float32).reshape(2, 3).to_type(type));
        tensors["view"] = arange(0, 6, ScalarType.Float32).reshape(2, 3).t();
        tensors["empty"] = zeros(0, 3);
        tensors["scalar"] = tensor(2.5f);

        SafeTensorsFile.Write(folder["a.safetensors"], tensors, new Dictionary<string, string> { ["format"] = "pt", ["note"] = "naïve ✓" });
        using var read = CheckpointFile.Read(folder["a.safetensors"]);

        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), read.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, expected) in tensors) Assert.Equal(PlainValues.Text(expected), PlainValues.Text(read[name]));
        Assert.Equal("naïve ✓", read.Metadata["note"]);
        Assert.Equal(CheckpointFormat.SafeTensors, read.Format);
    }

    [Fact]
    public void The_order_of_the_tensors_does_not_matter_and_the_data_is_aligned()
    {
        using var folder = new TestFolder();
        using var scope = NewDisposeScope();
        var (a, b) = (ones(3, ScalarType.Int8), ones(2, ScalarType.Float64));

        SafeTensorsFile.Write(folder["1"], new Dictionary<string, Tensor> { ["a"] = a, ["b"] = b });
        SafeTensorsFile.Write(folder["2"], new Dictionary<string, Tensor> { ["b"] = b, ["a"] = a });

        var bytes = File.ReadAllBytes(folder["1"]);
        Assert.Equal(bytes, File.ReadAllBytes(folder["2"]));
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "is there twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlap, or bytes lie between")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "truncated, or something was appended")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", 4, "impossible shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "whole numbers from 0 up")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "whole numbers from 0 up")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""", 4, "unknown or repeated property")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", 4, "TorchSharp does not have")]
    [InlineData("""{} {}""", 0, "not the JSON")]
    public void A_header_that_breaks_the_rules_is_refused(string header, int data, string expected)
    {
        var bytes = new byte[8 + Encoding.UTF8.GetByteCount(header) + data];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Encoding.UTF8.GetByteCount(header));
        Encoding.UTF8.GetBytes(header, bytes.AsSpan(8));

        var exception = Assert.Throws<CheckpointRefusedException>(() => CheckpointFile.Read(new MemoryStream(bytes)));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_tensors_and_as_long_names_as_the_options_say_are_read()
    {
        const string Header = """{"ab":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"c":{"dtype":"U8","shape":[],"data_offsets":[4,5]},"__metadata__":{"k":"v"}}""";

        using var read = CheckpointFile.Read(Made(Header, 5), new() { MaxRecords = 2, MaxKeyLength = 12, MaxDescriptionBytes = Header.Length });

        Assert.Equal(["ab", "c"], read.StateDict().Keys.Order());
        Assert.Equal("v", read.Metadata["k"]);
        foreach (var (options, expected) in new (CheckpointReadOptions, string)[]
        {
            (new() { MaxRecords = 1 }, "more than 1 tensors"), (new() { MaxKeyLength = 1 }, "has 2 characters; the limit is 1"), (new() { MaxDescriptionBytes = Header.Length - 1 }, $"The header has {Header.Length} bytes; the limit is {Header.Length - 1}"),
        })
        {
            var error = Assert.Throws<CheckpointRefusedException>(() => CheckpointFile.Read(Made(Header, 5), options));
            Assert.Equal(Refusal.Limit, error.Reason);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"__metadata__":{"k":"v","k":"w"}}""", 0, "metadata key 'k' is there twice")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "has Number where String belongs")]
    [InlineData("""{"a":[]}""", 0, "has StartArray where StartObject belongs")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "lacks its dtype, shape or data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "lacks its dtype, shape or data_offsets")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "lacks its dtype, shape or data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "more than 2 numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "something else than numbers")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown or repeated property")]
    [InlineData("""{"a":{"dtype":"X9","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown type 'X9'")]
    [InlineData("""{"a":{"dtype":"","shape":[1],"data_offsets":[0,16]}}""", 16, "unknown type ''")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[4,0]}}""", 4, "needs 0 bytes")]
    public void Metadata_and_entries_have_their_one_form(string header, int data, string expected)
        => Assert.Contains(expected, Assert.Throws<CheckpointRefusedException>(() => CheckpointFile.Read(Made(header, data))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_header_longer_than_the_file_is_refused_before_it_is_read()
    {
        var bytes = Made("{}", 0).ToArray();
        bytes[0] = 3;

        Assert.Contains("The header claims 3 bytes, but the file has 10", Assert.Throws<CheckpointRefusedException>(() => CheckpointFile.Read(new MemoryStream(bytes))).Message, StringComparison.Ordinal);
    }

    private static MemoryStream Made(string header, int data)
    {
        var bytes = new byte[8 + Encoding.UTF8.GetByteCount(header) + data];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Encoding.UTF8.GetByteCount(header));
        Encoding.UTF8.GetBytes(header, bytes.AsSpan(8));
        return new(bytes);
    }

    [Fact]
    public void A_type_or_a_name_that_the_format_does_not_have_is_refused()
    {
        using var folder = new TestFolder();
        using var scope = NewDisposeScope();

        Assert.Contains("ComplexFloat64", Assert.Throws<CheckpointException>(() => SafeTensorsFile.Write(folder["a"], new Dictionary<string, Tensor> { ["x"] = ones(1, ScalarType.ComplexFloat64) })).Message, StringComparison.Ordinal);
        Assert.Contains("__metadata__", Assert.Throws<CheckpointException>(() => SafeTensorsFile.Write(folder["a"], new Dictionary<string, Tensor> { ["__metadata__"] = ones(1) })).Message, StringComparison.Ordinal);
    }
}
