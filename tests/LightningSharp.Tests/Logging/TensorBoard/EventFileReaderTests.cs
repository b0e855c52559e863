using LightningSharp.Logging;
using LightningSharp.Logging.TensorBoard;
using Google.Protobuf;
using Tensorboard;

namespace LightningSharp.Tests.Logging.TensorBoard;

public sealed class EventFileReaderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void The_checksum_has_the_published_check_value()
        => Assert.Equal(0xe3069283u, Crc32C.Of("123456789"u8));

    [Fact]
    public void A_file_cut_at_any_byte_gives_its_whole_records_and_no_error()
    {
        var bytes = File.ReadAllBytes(WriteFile(5));
        var recordSize = (bytes.Length - FirstRecord(bytes)) / 5;

        for (var length = 0; length <= bytes.Length; length++)
        {
            File.WriteAllBytes(_temp["cut"], bytes[..length]);

            var events = EventFileReader.ReadAll(_temp["cut"]);

            var whole = length < FirstRecord(bytes) ? 0 : 1 + ((length - FirstRecord(bytes)) / recordSize);
            Assert.Equal(whole, events.Count);
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_noticed_and_never_read_as_data()
    {
        var bytes = File.ReadAllBytes(WriteFile(3));
        var good = EventFileReader.ReadAll(WriteCopy(bytes)).Select(e => e.Step).ToList();
        for (var at = 0; at < bytes.Length; at++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 0x10;
            using var reader = new EventFileReader(WriteCopy(damaged));

            var steps = reader.ReadNew().Select(e => e.Step).ToList();

            Assert.True(steps.Count < good.Count);
            Assert.True(reader.Damaged == 1 || reader.IsBroken);
            Assert.Subset(good.ToHashSet(), steps.ToHashSet());
        }
    }

    [Fact]
    public void A_file_that_grows_is_read_from_where_the_reader_was()
    {
        var bytes = File.ReadAllBytes(WriteFile(4));
        var path = WriteCopy(bytes[..^10]);
        using var reader = new EventFileReader(path);
        var before = reader.ReadNew().Count();

        using (var file = new FileStream(path, FileMode.Append))
        {
            file.Write(bytes.AsSpan(bytes.Length - 10));
        }

        Assert.Equal(4, before);
        Assert.Equal(3, Assert.Single(reader.ReadNew()).Step);
    }

    [Fact]
    public void Values_of_newer_writers_come_as_tensors_and_are_understood()
    {
        var logged = new Event { Step = 9, Summary = new Summary() };
        logged.Summary.Value.Add(Tensor("packed", "scalars", new TensorProto { Dtype = DataType.DtFloat, FloatVal = { 0.25f } }));
        logged.Summary.Value.Add(Tensor("raw", "scalars", new TensorProto { Dtype = DataType.DtDouble, TensorContent = ByteString.CopyFrom(BitConverter.GetBytes(0.1)) }));
        logged.Summary.Value.Add(Tensor("whole", "scalars", new TensorProto { Dtype = DataType.DtInt64, Int64Val = { -4 } }));
        logged.Summary.Value.Add(Tensor("pic", "images", new TensorProto
        {
            Dtype = DataType.DtString,
            StringVal = { ByteString.CopyFromUtf8("1"), ByteString.CopyFromUtf8("1"), ByteString.CopyFrom(1, 2, 3) },
        }));
        logged.Summary.Value.Add(Tensor("hist", "histograms", new TensorProto { Dtype = DataType.DtDouble, DoubleVal = { 0, 1, 5, 1, 2, 6 } }));

        var values = EventDecoder.Decode(logged.ToByteArray()).Values;

        Assert.Equal([0.25, 0.1, -4.0], values.Take(3).Select(v => v.Scalar!.Value));
        Assert.Equal([1, 2, 3], values[3].Image);
        Assert.Equal([1.0, 2.0], values[4].Histogram!.Limits);
        Assert.Equal([5.0, 6.0], values[4].Histogram!.Counts);
    }

    private static Summary.Types.Value Tensor(string tag, string plugin, TensorProto tensor) => new()
    {
        Tag = tag,
        Tensor = tensor,
        Metadata = new SummaryMetadata { PluginData = new() { PluginName = plugin } },
    };

    private static int FirstRecord(byte[] bytes) => (int)BitConverter.ToInt64(bytes) + 16;

    private string WriteCopy(byte[] bytes)
    {
        File.WriteAllBytes(_temp["copy"], bytes);
        return _temp["copy"];
    }

    private string WriteFile(int rows)
    {
        using var writer = new EventFileWriter(_temp.Root);
        var messages = new EventMessages();
        messages.FileVersion();
        writer.Append(messages.Message.Written);
        for (var step = 0; step < rows; step++)
        {
            messages.Scalars(new Dictionary<string, double> { ["a"] = 1 + step }, "", step);
            writer.Append(messages.Message.Written);
        }

        writer.Flush(toDisk: false);
        return writer.Path;
    }
}
