using System.IO.Compression;
using LightningSharp.Checkpointing;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Checkpointing;

public class CheckpointFileTests
{
    [Fact]
    public void Values_of_every_kind_come_back_as_they_were()
    {
        var root = new OrderedDictionary<string, object?>
        {
            ["none"] = null,
            ["flags"] = new List<object?> { true, false },
            ["numbers"] = new List<object?> { 0L, 255L, 256L, 65535L, 65536L, -1L, int.MinValue + 0L, long.MaxValue, long.MinValue, System.Numerics.BigInteger.Pow(2, 100) },
            ["floats"] = new List<object?> { 0.1, -0.0, double.NaN, double.NegativeInfinity, double.Epsilon },
            ["text"] = "naïve ✓ \U0001f680 \0 end",
            ["bytes"] = new byte[] { 0, 127, 128, 255 },
            ["tuple"] = new CheckpointTuple(0.9, 0.999, "x", new CheckpointTuple()),
            ["state"] = new OrderedDictionary<long, object?> { [0] = new OrderedDictionary<string, object?> { ["step"] = 3L }, [7] = null },
            ["empty"] = new List<object?> { new List<object?>(), new OrderedDictionary<string, object?>(), new CheckpointTuple() },
            ["complex"] = new System.Numerics.Complex(1, -2),
        };

        using var read = Trip(root);

        Assert.Equal(PlainValues.Text(root), PlainValues.Text(read));
    }

    [Fact]
    public void What_programs_have_at_hand_is_taken()
    {
        var root = new Dictionary<string, object?> { ["betas"] = (0.9, 0.999), ["list"] = new[] { 1, 2 }, ["single"] = 0.5f, ["small"] = (byte)7, ["ulong"] = ulong.MaxValue, ["int keys"] = new Dictionary<int, string> { [3] = "a" } };

        using var read = Trip(root);

        Assert.Equal(new CheckpointTuple(0.9, 0.999), read["betas"]);
        Assert.Equal([1L, 2L], Assert.IsType<List<object?>>(read["list"]));
        Assert.Equal(0.5, read["single"]);
        Assert.Equal(7L, read["small"]);
        Assert.Equal(new System.Numerics.BigInteger(ulong.MaxValue), read["ulong"]);
        Assert.Equal("a", Assert.IsType<OrderedDictionary<long, object?>>(read["int keys"])[3]);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    [InlineData(ScalarType.ComplexFloat32)]
    [InlineData(ScalarType.ComplexFloat64)]
    public void Tensors_of_every_type_come_back_bit_for_bit(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var values = arange(0, 6, ScalarType.Float32).sub(2.5).reshape(2, 3).to_type(type);

        using var read = Trip(new Dictionary<string, Tensor> { ["x"] = values });

        var back = Assert.IsType<Tensor>(read["x"]);
        Assert.Equal(type, back.dtype);
        Assert.Equal([2, 3], back.shape);
        Assert.Equal(PlainValues.Bytes(values), PlainValues.Bytes(back));
    }

    [Fact]
    public void Views_stay_views_of_one_storage_and_only_the_part_in_use_is_saved()
    {
        using var scope = NewDisposeScope();
        var large = arange(0, 100_000, ScalarType.Float32);
        var matrix = large.narrow(0, 16, 12).reshape(3, 4);
        var root = new Dictionary<string, Tensor> { ["a"] = matrix, ["t"] = matrix.t(), ["step"] = large.as_strided([4], [3], 17), ["expanded"] = matrix.narrow(0, 0, 1).narrow(1, 0, 1).expand(2, 5) };
        using var stream = new MemoryStream();

        CheckpointFile.Write(stream, root);
        stream.Position = 0;
        using var read = CheckpointFile.Read(stream);

        var (a, t) = ((Tensor)read["a"]!, (Tensor)read["t"]!);
        Assert.True(stream.Length < 3000, $"{stream.Length} bytes");
        Assert.Equal(PlainValues.Bytes(matrix.t()), PlainValues.Bytes(t));
        Assert.Equal([1, 4], t.stride());
        Assert.Equal([17f, 20, 23, 26], ((Tensor)read["step"]!).data<float>().ToArray());
        Assert.Equal([0, 0], ((Tensor)read["expanded"]!).stride());
        a.fill_(7);
        Assert.Equal(7f, t[3, 2].item<float>());
    }

    [Fact]
    public void A_tied_weight_is_stored_once_and_stays_tied()
    {
        using var scope = NewDisposeScope();
        var weight = nn.Parameter(ones(1000));

        using var read = Trip(new Dictionary<string, Tensor> { ["encoder"] = weight, ["decoder"] = weight, ["alias"] = weight.detach() });

        using var noGrad = no_grad();
        ((Tensor)read["encoder"]!).fill_(5);
        Assert.Equal(5f, ((Tensor)read["decoder"]!)[999].item<float>());
        Assert.Equal(5f, ((Tensor)read["alias"]!)[0].item<float>());
        Assert.False(((Tensor)read["encoder"]!).requires_grad);
    }

    [Fact]
    public void Empty_scalar_conjugated_and_special_tensors_keep_their_values()
    {
        using var scope = NewDisposeScope();
        var special = tensor([float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, float.Epsilon]);
        var conjugated = tensor([1f, 2f]).to_type(ScalarType.ComplexFloat32).mul(new System.Numerics.Complex(0, 1)).conj();
        var root = new Dictionary<string, Tensor> { ["empty"] = zeros(0, 7), ["scalar"] = tensor(3.5f), ["special"] = special, ["conj"] = conjugated };

        using var read = Trip(root);

        Assert.Equal([0, 7], ((Tensor)read["empty"]!).shape);
        Assert.Empty(((Tensor)read["scalar"]!).shape);
        Assert.Equal(PlainValues.Bytes(special), PlainValues.Bytes((Tensor)read["special"]!));
        Assert.Equal(PlainValues.Bytes(conjugated.resolve_conj()), PlainValues.Bytes((Tensor)read["conj"]!));
        Assert.Equal(["special"], read.NonFiniteTensors());
    }

    [Fact]
    public void The_same_values_give_the_same_bytes()
    {
        byte[] Save()
        {
            using var scope = NewDisposeScope();
            using var stream = new MemoryStream();
            CheckpointFile.Write(stream, new Dictionary<string, object?> { ["w"] = arange(0, 1000), ["lr"] = 0.1, ["name"] = "x" });
            return stream.ToArray();
        }

        var first = Save();
        var second = Save();

        Assert.Equal(first, second);
    }

    [Fact]
    public void Every_record_is_stored_and_starts_at_a_multiple_of_64()
    {
        using var folder = new TestFolder();
        using var scope = NewDisposeScope();
        CheckpointFile.Write(folder["a.ckpt"], new Dictionary<string, object?> { ["state_dict"] = new Dictionary<string, Tensor> { ["a"] = ones(3), ["b"] = ones(5, ScalarType.Int8) } });

        using var source = ByteSource.Open(folder["a.ckpt"]);
        var entries = LightningSharp.Checkpointing.Archives.ZipDirectory.Read(source, 100);
        using var zip = ZipFile.OpenRead(folder["a.ckpt"]);

        Assert.Equal(["archive/data.pkl", "archive/byteorder", "archive/data/0", "archive/data/1", "archive/version"], entries.Select(entry => entry.Name));
        Assert.All(entries, entry => Assert.Equal(0, entry.DataOffset % 64));
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
        using var version = new StreamReader(zip.GetEntry("archive/version")!.Open());
        Assert.Equal("3\n", version.ReadToEnd());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1500)]
    public void Records_beyond_four_gigabytes_are_written_as_zip64(int from)
    {
        // The limit is lowered, so that small records and offsets take the way of large ones.
        using var scope = NewDisposeScope();
        using var plan = WritePlan.Of(new Dictionary<string, Tensor> { ["a"] = arange(0, 300, ScalarType.Float32), ["b"] = ones(2) });
        using var stream = new MemoryStream();

        plan.WriteTo(stream, from);

        stream.Position = 0;
        using var read = CheckpointFile.Read(stream);
        using var zip = new ZipArchive(stream);
        Assert.Equal(299f, ((Tensor)read["a"]!)[299].item<float>());
        Assert.Equal(1200, zip.GetEntry("archive/data/0")!.Length);
        using var content = zip.GetEntry("archive/data/0")!.Open();
        Assert.Equal(0, content.ReadByte());
    }

    [Fact]
    public void Saving_needs_little_memory_of_its_own()
    {
        using var folder = new TestFolder();
        using var model = zeros(16 << 20); // 64 MiB
        CheckpointFile.Write(folder["warm.ckpt"], new Dictionary<string, object?> { ["w"] = 1 });
        var before = GC.GetAllocatedBytesForCurrentThread();

        CheckpointFile.Write(folder["a.ckpt"], new Dictionary<string, Tensor> { ["w"] = model }, new CheckpointWriteOptions { FlushToDisk = false });

        var used = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(used < 4 << 20, $"{used:N0} bytes");
    }

    [Fact]
    public void Only_the_keys_asked_for_are_loaded()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        CheckpointFile.Write(stream, new Dictionary<string, object?> { ["state_dict"] = new Dictionary<string, Tensor> { ["w"] = ones(2) }, ["optimizer_states"] = new[] { ones(3) } });
        stream.Position = 0;

        using var read = CheckpointFile.Read(stream, new CheckpointReadOptions { Keys = ["state_dict"] });

        Assert.Equal(["state_dict"], read.Keys);
        Assert.Equal(["w"], read.StateDict().Keys);
    }

    [Fact]
    public void Loaded_tensors_outlive_dispose_scopes_and_die_with_the_checkpoint()
    {
        using var stream = new MemoryStream();
        using (var source = ones(4)) CheckpointFile.Write(stream, new Dictionary<string, Tensor> { ["w"] = source });
        stream.Position = 0;
        LoadedCheckpoint read;
        using (NewDisposeScope()) read = CheckpointFile.Read(stream);
        var tensor = (Tensor)read["w"]!;

        var alive = tensor.sum().item<float>();
        read.Dispose();

        Assert.Equal(4f, alive);
        Assert.True(tensor.IsInvalid);
    }

    [Fact]
    public void A_value_that_is_no_data_is_named_with_its_place()
    {
        using var folder = new TestFolder();
        var cycle = new List<object?>();
        cycle.Add(cycle);
        var disposed = ones(1);
        disposed.Dispose();

        string Save(object? value) => Assert.Throws<CheckpointException>(() => CheckpointFile.Write(folder["a.ckpt"], new Dictionary<string, object?> { ["hyper_parameters"] = new Dictionary<string, object?> { ["x"] = value } })).Message;

        Assert.Contains("'hyper_parameters.x' cannot be saved: it is a System.Action", Save(new Action(() => { })), StringComparison.Ordinal);
        Assert.Contains("contains itself", Save(cycle), StringComparison.Ordinal);
        Assert.Contains("disposed before the save", Save(disposed), StringComparison.Ordinal);
        Assert.Contains("2 dimensions", Save(new int[2, 2]), StringComparison.Ordinal);
        Assert.Contains("surrogate", Save("\ud800"), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_stream_that_cannot_seek_is_read_and_written_too()
    {
        using var scope = NewDisposeScope();
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true)) CheckpointFile.Write(zip, new Dictionary<string, Tensor> { ["w"] = ones(5) });
        memory.Position = 0;

        using var unzip = new GZipStream(memory, CompressionMode.Decompress);
        using var read = CheckpointFile.Read(unzip);

        Assert.Equal(5f, ((Tensor)read["w"]!).sum().item<float>());
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_device_are_clear_errors()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["last.ckpt"], "x");

        Assert.Contains("The folder has: last.ckpt", Assert.Throws<CheckpointException>(() => CheckpointFile.Read(folder["lost.ckpt"])).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<CheckpointException>(() => CheckpointFile.Read(folder.Path)).Message, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Contains("not a regular file", Assert.Throws<CheckpointRefusedException>(() => CheckpointFile.Read("/dev/zero")).Message, StringComparison.Ordinal);
    }

    private static LoadedCheckpoint Trip<TValue>(IReadOnlyDictionary<string, TValue> root)
    {
        using var stream = new MemoryStream();
        CheckpointFile.Write(stream, root);
        stream.Position = 0;
        return CheckpointFile.Read(stream);
    }
}
