using System.Diagnostics;
using CsCheck;
using LightningSharp.Checkpointing;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Checkpointing;

/// <summary>Random trees and random damage. LIGHTNINGSHARP_FUZZ_SECONDS makes the damage tests run longer than in CI.</summary>
public class FuzzTests
{
    private static readonly Gen<object?> Leaf = Gen.OneOf(
        Gen.Const((object?)null), Gen.Bool.Select(x => (object?)x), Gen.Long.Select(x => (object?)x), Gen.Int[-300, 70_000].Select(x => (object?)(long)x),
        Gen.Double.Select(x => (object?)x), Gen.String.Select(x => (object?)Clean(x)), Gen.Byte.Array.Select(x => (object?)x));

    private static readonly Gen<object?> Tree = Gen.Recursive<object?>((depth, self) => depth > 4 ? Leaf : Gen.Frequency(
        (4, Leaf),
        (1, self.Array[0, 6].Select(items => (object?)new List<object?>(items))),
        (1, self.Array[0, 5].Select(items => (object?)new CheckpointTuple(items))),
        (1, Gen.Select(Gen.Int, self).Array[1, 5].Select(pairs => (object?)Numbered(pairs))),
        (1, Gen.Select(Gen.String, self).Array[0, 5].Select(pairs => (object?)Named(pairs)))));

    [Fact]
    public void Any_tree_of_values_comes_back_equal() => Gen.Select(Gen.String, Tree).Array[0, 8].Sample(
        pairs =>
        {
            var root = Named(pairs);
            using var stream = new MemoryStream();
            CheckpointFile.Write(stream, root);
            stream.Position = 0;
            using var read = CheckpointFile.Read(stream);
            return PlainValues.Text(root) == PlainValues.Text(read);
        },
        iter: 2000,
        threads: 1,
        seed: "0000a1b2c3d4");

    [Theory]
    [InlineData("adam_steplr.ckpt", 1)]
    [InlineData("dtypes_and_views.ckpt", 2)]
    [InlineData("hparams_datamodule.ckpt", 3)]
    [InlineData("hand_written_minimal.ckpt", 4)]
    public void A_damaged_file_is_refused_or_has_the_same_values(string file, int seed)
    {
        var bytes = File.ReadAllBytes(TestFiles.Real(file));
        using var whole = CheckpointFile.Read(new MemoryStream(bytes));
        var expected = PlainValues.Text(whole);
        var (refused, equal) = (0, 0);

        Repeat(1000, seed, random =>
        {
            var damaged = Damage(bytes, random);
            if (Survives(() => CheckpointFile.Read(new MemoryStream(damaged)), text => Assert.Equal(expected, text))) equal++;
            else refused++;
        });

        Assert.True(refused > 500, $"{refused} refused, {equal} harmless");
    }

    [Theory]
    [InlineData("adam_steplr.ckpt", 11)]
    [InlineData("dtypes_and_views.ckpt", 12)]
    [InlineData("hparams_datamodule.ckpt", 13)]
    public void A_damaged_description_ends_in_values_or_in_a_refusal(string file, int seed)
    {
        // The checksums are right here, so that the damage reaches the pickle machine.
        var (name, records) = Records(file);
        var refused = 0;

        Repeat(1500, seed, random =>
        {
            var pickle = Damage(records[name], random);
            using var stream = new MemoryStream();
            var zip = new LightningSharp.Checkpointing.Archives.ZipRecordWriter(stream);
            foreach (var (record, content) in records) zip.Record(record, record == name ? pickle : content);
            zip.Finish();
            stream.Position = 0;
            if (!Survives(() => CheckpointFile.Read(stream), _ => { })) refused++;
        });

        Assert.True(refused > 500, $"{refused} refused");
    }

    [Fact]
    public void A_damaged_safetensors_file_ends_in_values_or_in_a_refusal()
    {
        using var folder = new TestFolder();
        using var scope = NewDisposeScope();
        SafeTensorsFile.Write(folder["a.safetensors"], new Dictionary<string, Tensor> { ["w"] = ones(2, 3), ["b"] = zeros(4, ScalarType.Int8), ["flag"] = ones(3, ScalarType.Bool) }, new Dictionary<string, string> { ["format"] = "pt" });
        var bytes = File.ReadAllBytes(folder["a.safetensors"]);
        var refused = 0;

        Repeat(1500, 21, random =>
        {
            var damaged = Damage(bytes, random);
            if (!Survives(() => CheckpointFile.Read(new MemoryStream(damaged)), _ => { })) refused++;
        });

        Assert.True(refused > 300, $"{refused} refused");
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var bytes = File.ReadAllBytes(TestFiles.Real("linear_sgd.ckpt"));

        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes.AsSpan(0, length).ToArray();
            Assert.Throws<CheckpointRefusedException>(() => CheckpointFile.Read(new MemoryStream(cut)));
        }
    }

    private static void Repeat(int times, int seed, Action<Random> once)
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("LIGHTNINGSHARP_FUZZ_SECONDS"), out var value) ? value : 0;
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < times || clock.Elapsed.TotalSeconds < seconds; i++) once(random);
    }

    // True when the file was loaded; any exception but the documented one fails the test.
    private static bool Survives(Func<LoadedCheckpoint> read, Action<string> check)
    {
        try
        {
            using var checkpoint = read();
            check(PlainValues.Text(checkpoint));
            return true;
        }
        catch (CheckpointException exception)
        {
            Assert.True(exception.Message.Length < 3000, exception.Message);
            return false;
        }
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        var bytes = (byte[])whole.Clone();
        switch (random.Next(6))
        {
            case 0:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                for (var i = random.Next(1, 8); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                break;
            case 2:
                return bytes[..random.Next(bytes.Length)];
            case 3:
                var at = random.Next(bytes.Length);
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 20))..]];
            case 4:
                var from = random.Next(bytes.Length);
                var part = bytes[from..Math.Min(bytes.Length, from + random.Next(1, 40))];
                var to = random.Next(bytes.Length);
                return [.. bytes[..to], .. part, .. bytes[to..]];
            default:
                var start = random.Next(bytes.Length);
                bytes.AsSpan(start, Math.Min(random.Next(1, 9), bytes.Length - start)).Fill((byte)(random.Next(2) * 255));
                break;
        }

        return bytes;
    }

    private static (string Pickle, Dictionary<string, byte[]> Records) Records(string file)
    {
        using var source = ByteSource.Open(TestFiles.Real(file));
        var records = new Dictionary<string, byte[]>();
        foreach (var entry in LightningSharp.Checkpointing.Archives.ZipDirectory.Read(source, 1000))
        {
            records[entry.Name] = new byte[entry.Size];
            source.Read(entry.DataOffset, records[entry.Name]);
        }

        return (records.Keys.Single(name => name.EndsWith("/data.pkl", StringComparison.Ordinal)), records);
    }

    private static OrderedDictionary<string, object?> Named((string, object?)[] pairs)
    {
        var result = new OrderedDictionary<string, object?>();
        foreach (var (key, value) in pairs) result.TryAdd(Clean(key), value);
        return result;
    }

    private static OrderedDictionary<long, object?> Numbered((int, object?)[] pairs)
    {
        var result = new OrderedDictionary<long, object?>();
        foreach (var (key, value) in pairs) result.TryAdd(key, value);
        return result;
    }

    private static string Clean(string text) => new([.. text.Where(c => !char.IsSurrogate(c))]);
}
