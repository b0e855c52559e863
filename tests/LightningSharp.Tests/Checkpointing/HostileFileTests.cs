using System.Diagnostics;
using System.Text.Json;
using LightningSharp.Checkpointing;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Checkpointing;

/// <summary>Files made to harm a reader. Each must end as the manifest says, quickly, in little memory, through every door.</summary>
public class HostileFileTests
{
    private const long MostBytes = 100 << 20;

    private static readonly Dictionary<string, string> Expected = ReadManifest();

    public static TheoryData<string> Files => new(Expected.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_hostile_file_ends_as_it_must(string file)
    {
        var path = TestFiles.Hostile(file);
        var folder = Directory.GetFileSystemEntries(TestFiles.Hostile("")).Length;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();

        var outcome = Outcome(() => CheckpointFile.Read(path), out var message);

        Assert.Contains(outcome, Expected[file].Split('|'));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"{clock.Elapsed}"); // the bound of the corpus, not a timing: a good file takes a millisecond
        var used = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(used < MostBytes, $"{used:N0} bytes");
        Assert.Equal(folder, Directory.GetFileSystemEntries(TestFiles.Hostile("")).Length);
        Assert.False(File.Exists("PWNED"));
        Assert.True(message.Length < 2000 && !message.Any(c => char.IsControl(c) && c != '\n'), message);
        if (outcome != "load") Assert.Contains(file, message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_door_gives_the_same_outcome(string file)
    {
        var bytes = File.ReadAllBytes(TestFiles.Hostile(file));

        var path = Outcome(() => CheckpointFile.Read(TestFiles.Hostile(file)), out _);
        var memory = Outcome(() => CheckpointFile.Read(new MemoryStream(bytes)), out _);
        var pipe = Outcome(() => CheckpointFile.Read(new System.IO.BufferedStream(new OneWayStream(bytes))), out _);
        var inspected = Outcome(() => { CheckpointFile.Inspect(TestFiles.Hostile(file)); return null; }, out _);

        Assert.Equal(path, memory);
        Assert.Equal(path, pipe);
        Assert.Equal(path == "load", inspected == "load");
    }

    [Fact]
    public void The_controls_have_their_values()
    {
        using var plain = CheckpointFile.Read(TestFiles.Hostile("ok_state_dict.pt"));
        using var lightning = CheckpointFile.Read(TestFiles.Hostile("ok_lightning.ckpt"));
        using var views = CheckpointFile.Read(TestFiles.Hostile("ok_shared_storage_views.pt"));
        using var special = CheckpointFile.Read(TestFiles.Hostile("ok_nan_inf.pt"));
        using var safe = CheckpointFile.Read(TestFiles.Hostile("ok_plain.safetensors"));
        using var numpy = CheckpointFile.Read(TestFiles.Hostile("foreign_numpy_scalar.ckpt"));
        using var arguments = CheckpointFile.Read(TestFiles.Hostile("foreign_namespace_hparams.ckpt"));

        Assert.Equal([1f, 2, 3, 4], ((Tensor)plain["weight"]!).data<float>().ToArray());
        Assert.Equal((3L, 120L), (lightning["epoch"], lightning["global_step"]));
        Assert.True(lightning.IsLightning);
        Assert.Equal("[[1,3],[2,4]]", Matrix((Tensor)views["t"]!));
        Assert.Equal(["weight"], special.NonFiniteTensors());
        Assert.Equal([1f, 2, 3, 4], ((Tensor)safe["weight"]!).data<float>().ToArray());
        Assert.Equal(0.5, numpy["best_model_score"]);
        Assert.Equal(0.1, Assert.IsType<OrderedDictionary<string, object?>>(arguments["hyper_parameters"])["lr"]);
    }

    private static string Matrix(Tensor t) => $"[[{t[0, 0].item<float>()},{t[0, 1].item<float>()}],[{t[1, 0].item<float>()},{t[1, 1].item<float>()}]]";

    private static string Outcome(Func<LoadedCheckpoint?> read, out string message)
    {
        message = "";
        try
        {
            read()?.Dispose();
            return "load";
        }
        catch (CheckpointRefusedException exception)
        {
            message = exception.Message;
            return $"refuse:{exception.Reason.ToString().ToLowerInvariant()}";
        }
    }

    private static Dictionary<string, string> ReadManifest()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(TestFiles.Hostile("manifest.json")));
        return manifest.RootElement.GetProperty("files").EnumerateArray()
            .Select(entry => (File: entry.GetProperty("file").GetString()!, Expect: entry.GetProperty("expect").GetString()!))
            .Where(entry => File.Exists(TestFiles.Hostile(entry.File)))
            .ToDictionary(entry => entry.File, entry => entry.Expect.Replace("load:opaque", "load", StringComparison.Ordinal));
    }
}
