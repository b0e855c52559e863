using System.Diagnostics;
using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Reliability;

/// <summary>The rows "checkpoints" of 5.2 through the Trainer: files that are right and belong to something else, and paths that are none. The bytes themselves are in Checkpointing.</summary>
public class BadCheckpointTests
{
    public static TheoryData<string> Changes => [.. Changed.Keys];

    public static TheoryData<string> Targets => [.. Paths.Keys];

    // What is done to a whole checkpoint of the tiny model, and what the next Fit says.
    private static Dictionary<string, (Action<Checkpoint> Change, string[] Texts)> Changed { get; } = new()
    {
        ["B094 missing"] = (file => Weights(file).Remove("layer.bias"), ["Missing in the file (1): 'layer.bias'", "Nothing was loaded"]),
        ["B094 extra"] = (file => Weights(file)["other.weight"] = ones(2), ["Unexpected in the file (1): 'other.weight'"]),
        ["B094 renamed"] = (file => Rename(file, "layer.weight", "net.layer.weight"), ["'net.layer.weight'", "prefix 'net.'"]),
        ["B094 shape"] = (file => Weights(file)["layer.weight"] = ones(2, 5), ["'layer.weight'", "[2, 5]", "[2, 4]"]),
        ["B094 shape that broadcasts"] = (file => Weights(file)["layer.bias"] = ones(1), ["'layer.bias'", "[1]", "[2]"]),
        ["B094 dtype"] = (file => Weights(file)["layer.bias"] = ones(2, dtype: ScalarType.Float64), ["'layer.bias'", "float64", "float32"]),
        ["B097 scheduler that was not there"] = (file => file["lr_schedulers"] = new List<object?> { new Dictionary<string, object?> { ["last_epoch"] = 3L } }, ["1 scheduler(s)", "returned 0", "Schedulers = false"]),
        ["B097 optimizer missing"] = (file => file["optimizer_states"] = new List<object?>(), ["0 optimizer(s)", "returned 1", "Optimizers = false"]),
        ["B098 ten bytes"] = (file => Random(file, zeros(10, dtype: ScalarType.Byte)), ["random", "10"]),
        ["B098 wrong type"] = (file => Random(file, zeros(5056, dtype: ScalarType.Float32)), ["random", "Float32"]),
        ["B098 zeros"] = (file => Random(file, zeros(5056, dtype: ScalarType.Byte)), ["random"]),
        ["B100 negative step"] = (file => Position(file, "global_step", -5L), ["-5"]),
        ["B100 negative epoch"] = (file => Position(file, "epoch", -1L), ["-1"]),
        ["B100 huge epoch"] = (file => Position(file, "epoch", 1L << 62), ["4611686018427387904"]),
        ["B103 weights only"] = (file => file.Entries.Remove("optimizer_states"), ["only weights", "WeightsOnly = true"]),
    };

    private static Dictionary<string, (Func<string, string> Path, string[] Texts)> Paths { get; } = new()
    {
        ["B104 folder"] = (folder => folder, ["folder"]),
        ["B104 nothing there"] = (folder => Path.Combine(folder, "none.ckpt"), ["none.ckpt"]),
        ["B104 fifo"] = (folder =>
        {
            using var make = Process.Start("mkfifo", [Path.Combine(folder, "pipe")]);
            make.WaitForExit();
            return Path.Combine(folder, "pipe");
        }, ["pipe"]),
        ["B104 device"] = (_ => "/dev/zero", ["/dev/zero"]),
        ["B104 standard input"] = (_ => "/dev/stdin", ["/dev/stdin"]),
        ["B104 URL"] = (_ => "https://example.org/model.ckpt", ["https://example.org/model.ckpt"]),
        ["B106 sparse"] = (folder =>
        {
            var path = Path.Combine(folder, "sparse.ckpt");
            using (var file = File.Create(path)) file.SetLength(5L << 30);
            return path;
        }, ["sparse.ckpt"]),
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_checkpoint_of_something_else_is_refused_with_everything_that_differs(string row)
    {
        var (change, texts) = Changed[row];
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "changed.ckpt");
        Rewrite(Saved(folder.Path), path, change);
        var model = new TinyModel();
        using var before = model.Layer.weight!.clone();
        var bytes = File.ReadAllBytes(path);

        BadInput.Refused(() => new Trainer(Quiet.Options with { MaxEpochs = 3 }).Fit(model, ToyData.Batches(8, 4), resume: path), texts);

        if (row.StartsWith("B094", StringComparison.Ordinal)) Assert.Equal(before.data<float>().ToArray(), model.Layer.weight!.data<float>().ToArray());
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_path_that_is_no_checkpoint_is_refused_by_name(string row)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Paths of Unix.");
        var (path, texts) = Paths[row];
        using var folder = new TempFolder();
        var watch = Stopwatch.StartNew();

        BadInput.Refused(() => new Trainer(Quiet.Options).Fit(new TinyModel(), ToyData.Batches(8, 4), resume: path(folder.Path)), texts);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30)); // neither waits for a writer nor reads without end
    }

    [Fact]
    public void B104_last_without_a_run_names_the_folders_and_the_way_out()
    {
        using var folder = new TempFolder();

        BadInput.Refused(() => new Trainer(Quiet.Options with { DefaultRootDir = folder.Path }).Fit(new TinyModel(), ToyData.Batches(8, 4), resume: Resume.Last), folder.Path, "Resume.Auto");
    }

    [Fact]
    public void B095_not_strict_keeps_what_fits_and_lists_the_rest()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "changed.ckpt");
        Rewrite(Saved(folder.Path), path, file =>
        {
            Weights(file).Remove("layer.bias");
            Weights(file)["other.weight"] = ones(2);
        });
        var messages = new RecordedMessages();

        new Trainer(Quiet.Options with { LoggerFactory = messages }).Fit(new TinyModel(), ToyData.Batches(8, 4), resume: Resume.From(path) with { Strict = false, WeightsOnly = true });

        Assert.Contains(messages.Texts, text => text.Contains("missing keys [layer.bias], unexpected keys [other.weight]", StringComparison.Ordinal));
    }

    [Fact]
    public void R8_a_resume_that_cannot_be_exact_says_why_before_it_starts()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "changed.ckpt");
        Rewrite(Saved(folder.Path), path, file => Own(file)["environment"] = new Dictionary<string, object?>((IReadOnlyDictionary<string, object?>)Own(file)["environment"]!) { ["threads"] = 64L });
        var messages = new RecordedMessages();
        var saidBefore = -1;

        var result = new Trainer(Quiet.Options with { MaxEpochs = 2, LoggerFactory = messages, Callbacks = [new AtStart(() => saidBefore = messages.Texts.Count(text => text.Contains("not bit for bit", StringComparison.Ordinal) && text.Contains("threads was 64", StringComparison.Ordinal)))] })
            .Fit(new TinyModel(), ToyData.Batches(8, 4), resume: path);

        Assert.Equal(1, saidBefore);
        Assert.Equal(4, result.Progress.GlobalStep);
    }

    [Fact]
    public void B103_weights_alone_start_a_new_training_when_asked_to()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "changed.ckpt");
        Rewrite(Saved(folder.Path), path, file => file.Entries.Remove("optimizer_states"));

        var result = new Trainer(Quiet.Options).Fit(new TinyModel(), ToyData.Batches(8, 4), resume: Resume.From(path) with { WeightsOnly = true });

        Assert.Equal(2, result.Progress.GlobalStep);
    }

    [Fact]
    public void B107_a_checkpoint_that_may_only_be_read_is_read()
    {
        using var folder = new TempFolder();
        var path = Saved(folder.Path);
        File.SetAttributes(path, FileAttributes.ReadOnly);

        var result = new Trainer(Quiet.Options with { MaxEpochs = 2 }).Fit(new TinyModel(), ToyData.Batches(8, 4), resume: path);

        File.SetAttributes(path, FileAttributes.Normal);
        Assert.Equal(4, result.Progress.GlobalStep);
    }

    [Theory]
    [InlineData("{epoch}-{nothing}", "epoch=0-nothing=0.ckpt")]
    [InlineData("{epoch}-{val/loss:.1f}", "epoch=0-val_loss=")]
    [InlineData("plain", "plain.ckpt")]
    public void B109_names_that_are_unusual_become_one_file_in_the_folder(string template, string expected)
    {
        using var folder = new TempFolder();
        var checkpoint = new ModelCheckpoint { DirPath = folder.Path, Filename = template };

        Fit(folder.Path, checkpoint);

        Assert.StartsWith(expected, Path.GetFileName(Assert.Single(Directory.EnumerateFiles(folder.Path, "*.ckpt", SearchOption.AllDirectories))), StringComparison.Ordinal);
    }

    [Fact]
    public void B109_a_template_without_its_closing_brace_is_refused_where_it_is_set()
        => BadInput.Refused(() => new ModelCheckpoint { Filename = "{epoch" }, "{epoch", "'}'");

    [Fact]
    public void B109_a_name_longer_than_the_file_system_allows_costs_the_file_and_not_the_training()
    {
        using var folder = new TempFolder();

        var result = Fit(folder.Path, new ModelCheckpoint { DirPath = folder.Path, Filename = new string('n', 300) });

        Assert.Equal(2, result.Progress.GlobalStep);
        Assert.Contains("nnnn", Assert.Single(result.FailedSaves), StringComparison.Ordinal);
    }

    [Fact]
    public void B109_a_monitor_that_is_NaN_has_a_name_and_a_file()
    {
        using var folder = new TempFolder();

        var result = Fit(folder.Path, new ModelCheckpoint { DirPath = folder.Path, Filename = "{loss:.2f}", Monitor = "loss" }, new LogsNaN());

        Assert.Empty(result.FailedSaves);
        Assert.Equal("loss=NaN.ckpt", Path.GetFileName(Assert.Single(Directory.EnumerateFiles(folder.Path, "*.ckpt"))), ignoreCase: true);
    }

    [Fact]
    public void B111_two_checkpoint_callbacks_in_one_folder_leave_each_others_files_alone()
    {
        using var folder = new TempFolder();
        var (best, every) = (new ModelCheckpoint { DirPath = folder.Path, Monitor = "loss" }, new ModelCheckpoint { DirPath = folder.Path, SaveTopK = -1 });

        new Trainer(Quiet.Options with { EnableCheckpointing = true, MaxEpochs = 3, Callbacks = [best, every] }).Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.True(File.Exists(best.BestModelPath) && File.Exists(every.BestModelPath));
        Assert.NotEqual(best.BestModelPath, every.BestModelPath);
        foreach (var file in Directory.GetFiles(folder.Path, "*.ckpt")) CheckpointFile.Read(file).Dispose();
    }

    [Theory]
    [InlineData("cycle")]
    [InlineData("delegate")]
    [InlineData("stream")]
    [InlineData("tensor")]
    [InlineData("long text")]
    public void B112_hyper_parameters_that_are_no_plain_data_never_end_a_training(string kind)
    {
        using var folder = new TempFolder();
        var messages = new RecordedMessages();

        var error = Record.Exception(() => new Trainer(Quiet.Options with { EnableCheckpointing = true, DefaultRootDir = folder.Path, Loggers = null, LoggerFactory = messages }).Fit(new HasParameters(kind), ToyData.Batches(8, 4)));

        if (error is not null) Assert.True(error is LightningException && error.Message.Contains("strange", StringComparison.Ordinal), error.ToString());
    }

    private static string Saved(string folder)
    {
        var checkpoint = new ModelCheckpoint { DirPath = folder };
        return Fit(folder, checkpoint).BestCheckpoint!; // it has saved
    }

    private static FitResult Fit(string folder, ModelCheckpoint checkpoint, TinyModel? model = null)
        => new Trainer(Quiet.Options with { EnableCheckpointing = true, DefaultRootDir = folder, Callbacks = [checkpoint] }).Fit(model ?? new TinyModel(), ToyData.Batches(8, 4));

    private static void Rewrite(string from, string to, Action<Checkpoint> change)
    {
        using var scope = NewDisposeScope();
        using var file = CheckpointFile.Read(from);
        var copy = new Checkpoint();
        foreach (var (key, value) in file) copy[key] = value is IReadOnlyDictionary<string, object?> map ? new Dictionary<string, object?>(map) : value;
        copy["state_dict"] = file.StateDict().ToDictionary(entry => entry.Key, entry => (object?)entry.Value);
        change(copy);
        CheckpointFile.Write(to, copy.Entries);
    }

    private static Dictionary<string, object?> Weights(Checkpoint file) => (Dictionary<string, object?>)file["state_dict"]!;

    private static void Rename(Checkpoint file, string from, string to)
    {
        foreach (var key in Weights(file).Keys.ToList())
        {
            if (Weights(file).Remove(key, out var value)) Weights(file)["net." + key] = value;
        }
    }

    private static Dictionary<string, object?> Own(Checkpoint file) => (Dictionary<string, object?>)file[Checkpointer.OwnKey]!;

    private static void Random(Checkpoint file, Tensor state) => Own(file)["rng"] = state;

    private static void Position(Checkpoint file, string key, long value)
    {
        var own = Own(file);
        var place = own.ContainsKey(key) ? own : own["progress"] is IReadOnlyDictionary<string, object?> progress ? (Dictionary<string, object?>)(own["progress"] = new Dictionary<string, object?>(progress)) : own;
        Assert.Contains(key, place.Keys);
        place[key] = value;
    }

    private sealed class AtStart(Action action) : Callback
    {
        public override void OnTrainStart(HookContext context) => action();
    }

    private sealed class LogsNaN : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Log("loss", double.NaN, onEpoch: true, onStep: false);
            return Loss(batch);
        }
    }

    private sealed class HasParameters(string kind) : TinyModel
    {
        public override IReadOnlyDictionary<string, object?> HyperParameters { get; } = new Dictionary<string, object?> { ["strange"] = Value(kind) };

        private static object Value(string kind)
        {
            var cycle = new List<object?>();
            cycle.Add(cycle);
            return kind switch
            {
                "cycle" => cycle,
                "delegate" => (Action)(() => { }),
                "stream" => new MemoryStream([1, 2]),
                "tensor" => ones(2),
                _ => new string('x', 10_000_000),
            };
        }
    }
}
