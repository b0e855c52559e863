using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Callbacks;

/// <summary>Which files each policy leaves behind (issue 5, W6), alone and together, and what it never touches.</summary>
public sealed class ModelCheckpointTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Best_keeps_the_k_best_and_deletes_the_others()
    {
        var best = new ModelCheckpoint { Monitor = "metric", SaveTopK = 2, DirPath = _folder.Path };

        Fit([5, 3, 4, 1, 2], best);

        Assert.Equal(["epoch=3-step=8.ckpt", "epoch=4-step=10.ckpt"], Files());
        Assert.Equal(("epoch=3-step=8.ckpt", 1.0), (Path.GetFileName(best.BestModelPath), best.BestModelScore));
        Assert.Equal(("epoch=4-step=10.ckpt", 2.0), (Path.GetFileName(best.KthBestModelPath), best.KthValue));
    }

    [Fact]
    public void Of_equal_scores_the_first_stays_and_not_a_number_is_never_the_best()
    {
        var best = new ModelCheckpoint { Monitor = "metric", Mode = MonitorMode.Max, DirPath = _folder.Path };

        Fit([double.NaN, 2, 2, double.NaN], best);

        Assert.Equal(["epoch=1-step=4.ckpt"], Files());
        Assert.Equal(2.0, best.BestModelScore);
    }

    [Theory]
    [InlineData(false, "epoch=1-step=4.ckpt last.ckpt", 4)]
    [InlineData(true, "epoch=3-step=8.ckpt last.ckpt", 8)]
    public void Weights_that_are_not_a_number_replace_neither_the_best_nor_the_last_file_unless_wanted(bool wanted, string files, long lastStep)
    {
        var messages = new Reliability.RecordedMessages();
        var ruin = new LambdaCallback(onTrainEpochStart: c => Ruin((TinyModel)c.Module.Module, c.Trainer.CurrentEpoch == 2));
        var save = new ModelCheckpoint { DirPath = _folder.Path, SaveLast = SaveLast.Copy, SaveNonFinite = wanted };

        new Trainer(Quiet.Options with { MaxEpochs = 4, EnableCheckpointing = true, Callbacks = [ruin, save], LoggerFactory = messages }).Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Equal(files.Split(' '), Files());
        using var last = CheckpointFile.Read(Path.Combine(_folder.Path, "last.ckpt"));
        Assert.Equal(lastStep, last["global_step"]);
        Assert.Equal(wanted ? 0 : 1, messages.Texts.Count(text => text.StartsWith("'layer.weight' holds NaN", StringComparison.Ordinal)));
    }

    [Fact]
    public void Latest_keeps_the_newest_k_also_over_a_restart()
    {
        Fit([1, 1, 1, 1], ModelCheckpoint.Latest(3, dirPath: _folder.Path));
        Assert.Equal(["epoch=1-step=4.ckpt", "epoch=2-step=6.ckpt", "epoch=3-step=8.ckpt"], Files());

        Fit([1, 1, 1, 1, 1, 1], ModelCheckpoint.Latest(3, dirPath: _folder.Path), resume: Path.Combine(_folder.Path, "epoch=3-step=8.ckpt"));

        // The file that the run came from is never deleted.
        Assert.Equal(["epoch=3-step=8.ckpt", "epoch=4-step=10.ckpt", "epoch=5-step=12.ckpt"], Files());
    }

    [Fact]
    public void Periodic_saves_every_so_often_and_keeps_all()
    {
        Fit([1, 1, 1], ModelCheckpoint.Periodic(Every.Steps(2), _folder.Path));
        Assert.Equal(["epoch=0-step=2.ckpt", "epoch=1-step=4.ckpt", "epoch=2-step=6.ckpt"], Files());
        Empty();

        Fit([1, 1, 1, 1], ModelCheckpoint.Periodic(Every.Epochs(2), _folder.Path));
        Assert.Equal(["epoch=1-step=4.ckpt", "epoch=3-step=8.ckpt"], Files());
        Empty();

        Fit([1, 1], ModelCheckpoint.Periodic(Every.Time(TimeSpan.FromTicks(1)), _folder.Path));
        Assert.Equal(["epoch=0-step=1.ckpt", "epoch=0-step=2.ckpt", "epoch=1-step=3.ckpt", "epoch=1-step=4.ckpt"], Files());
    }

    [Fact]
    public void OnEvents_saves_when_it_happens_and_only_then()
    {
        Fit([1, 1], ModelCheckpoint.OnEvents(CheckpointEvents.TrainEnd, _folder.Path));
        Assert.Equal(["epoch=2-step=4.ckpt"], Files());
        Empty();

        Fit([1, 1], ModelCheckpoint.OnEvents(CheckpointEvents.Exception, _folder.Path));
        Assert.Empty(Files());

        Assert.Throws<TimeZoneNotFoundException>(() => Fit([1, 1], ModelCheckpoint.OnEvents(CheckpointEvents.Exception, _folder.Path), new Throws(3)));
        Assert.Single(Files());
    }

    [Fact]
    public void Backup_goes_when_the_run_is_done_and_stays_when_it_was_interrupted()
    {
        Assert.Throws<TimeZoneNotFoundException>(() => Fit([1, 1, 1], ModelCheckpoint.Backup(dirPath: _folder.Path), new Throws(5)));
        Assert.Equal(["backup.ckpt"], Files());

        var latest = ModelCheckpoint.Latest(2, dirPath: _folder.Path);
        var model = Fit([1, 1, 1], null, Path.Combine(_folder.Path, "backup.ckpt"), [ModelCheckpoint.Backup(dirPath: _folder.Path), latest]);

        Assert.Equal(2, model.Losses.Count); // of the third epoch
        Assert.Equal(["epoch=2-step=6.ckpt"], Files());
        File.WriteAllText(Path.Combine(_folder.Path, "backup.ckpt"), "theirs");
        Fit([1], ModelCheckpoint.Backup(dirPath: _folder.Path));
        Assert.Equal("theirs", File.ReadAllText(Path.Combine(_folder.Path, "backup.ckpt")));
    }

    [Fact]
    public void Best_ckpt_is_a_name_of_its_own_for_the_best_file()
    {
        var best = new ModelCheckpoint { Monitor = "metric", LinkBest = true, DirPath = _folder.Path };

        Fit([3, 1, 2], best);

        Assert.Equal(["best.ckpt", "epoch=1-step=4.ckpt"], Files());
        Assert.Equal(File.ReadAllBytes(best.BestModelPath!), File.ReadAllBytes(Path.Combine(_folder.Path, "best.ckpt")));
        File.Delete(best.BestModelPath!);
        CheckpointFile.Read(Path.Combine(_folder.Path, "best.ckpt")).Dispose();
    }

    [Fact]
    public void RestoreBest_ends_with_the_weights_of_the_best_file()
    {
        var best = new ModelCheckpoint { Monitor = "metric", RestoreBest = true, DirPath = _folder.Path };

        var model = Fit([3, 1, 2, 2], best);

        using var file = CheckpointFile.Read(best.BestModelPath!);
        Assert.Equal("epoch=1-step=4.ckpt", Path.GetFileName(best.BestModelPath));
        Assert.True(file.StateDict()["layer.weight"].equal(model.state_dict()["layer.weight"]).all().item<bool>());
    }

    [Fact]
    public void Several_callbacks_in_one_folder_keep_to_their_own_files()
    {
        var best = ModelCheckpoint.Best("metric", dirPath: _folder.Path);
        var latest = new ModelCheckpoint { DirPath = _folder.Path };
        var max = new ModelCheckpoint { Monitor = "metric", Mode = MonitorMode.Max, DirPath = _folder.Path };

        Fit([2, 3, 1, 2], best, latest, max, new ModelCheckpoint { EveryNTrainSteps = 4, SaveTopK = -1, Filename = "every-{step}", DirPath = _folder.Path });

        Assert.Equal(
            ["epoch=1-step=4-v1.ckpt", "epoch=2-step=6.ckpt", "epoch=3-step=8.ckpt", "every-step=4.ckpt", "every-step=8.ckpt"],
            Files());
        Assert.Equal(["epoch=2-step=6.ckpt", "epoch=3-step=8.ckpt", "epoch=1-step=4-v1.ckpt"], new[] { best, latest, max }.Select(callback => Path.GetFileName(callback.BestModelPath)));
    }

    [Fact]
    public void Files_of_others_are_neither_deleted_nor_written_over()
    {
        string[] theirs = ["best.ckpt", "epoch=0-step=2.ckpt", "epoch=1-step=4.ckpt", "last.ckpt", "notes.txt"];
        foreach (var name in theirs) File.WriteAllText(Path.Combine(_folder.Path, name), $"theirs: {name}");

        Fit([3, 2, 1], new ModelCheckpoint { Monitor = "metric", LinkBest = true, SaveLast = SaveLast.Copy, DirPath = _folder.Path });

        foreach (var name in theirs) Assert.Equal($"theirs: {name}", File.ReadAllText(Path.Combine(_folder.Path, name)));
        Assert.Equal(["best-v1.ckpt", "epoch=2-step=6.ckpt", "last-v1.ckpt"], Files().Except(theirs));
    }

    [Fact]
    public void Names_in_a_checkpoint_of_somebody_else_delete_nothing_but_checkpoints_of_the_folder()
    {
        var outside = Path.Combine(_folder.Path, "..", $"{Path.GetFileName(_folder.Path)}-outside.ckpt");
        var inside = Path.Combine(_folder.Path, "notes.txt");
        File.WriteAllText(outside, "outside");
        File.WriteAllText(inside, "inside");
        try
        {
            var first = new ModelCheckpoint { Monitor = "metric", SaveTopK = 2, DirPath = _folder.Path };
            Fit([1], first);
            var path = first.BestModelPath!;
            Forge(path, first.StateKey, new Dictionary<string, object?> { [outside] = tensor(8f), [inside] = tensor(9f) });

            Fit([1, 2, 3, 1, 1, 1], new ModelCheckpoint { Monitor = "metric", SaveTopK = 2, DirPath = _folder.Path }, resume: path);

            Assert.Equal(("outside", "inside"), (File.ReadAllText(outside), File.ReadAllText(inside)));
        }
        finally
        {
            File.Delete(outside);
        }
    }

    [Theory]
    [InlineData(SaveLast.Copy)]
    [InlineData(SaveLast.Link)]
    public void A_run_that_goes_on_from_its_first_file_replaces_its_own_last_and_best(SaveLast kind)
    {
        ModelCheckpoint Callback() => new() { Monitor = "metric", SaveTopK = -1, SaveLast = kind, LinkBest = true, DirPath = _folder.Path };
        Fit([3, 2], Callback());

        Fit([3, 2, 1], Callback(), resume: Path.Combine(_folder.Path, "epoch=0-step=2.ckpt"));

        Assert.Contains("last.ckpt", Files());
        Assert.DoesNotContain(Files(), file => file.StartsWith("last-v", StringComparison.Ordinal) || file.StartsWith("best-v", StringComparison.Ordinal));
        var last = CheckpointFile.Read(Path.Combine(_folder.Path, "last.ckpt"));
        Assert.Equal(6L, last["global_step"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_save_that_fails_changes_nothing_in_the_ranking(bool background)
    {
        using var io = new Failing("epoch=2", background);
        var best = new ModelCheckpoint { Monitor = "metric", SaveTopK = 2, DirPath = _folder.Path };

        Fit([1, 3, 2, 2.5], io, best);

        // 2 was lost with its file; 2.5 is better than the 3 that is still there.
        Assert.Equal(["epoch=0-step=2.ckpt", "epoch=3-step=8.ckpt"], Files());
        Assert.Equal([1.0, 2.5], best.BestKModels.Values.Order());
        Assert.Contains("epoch=2", Assert.Single(best.FailedSaves), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_save_that_fails_ends_training_when_that_is_wanted(bool background)
    {
        using var io = new Failing("epoch=1", background);

        var exception = Assert.Throws<CheckpointException>(() => Fit([1, 1, 1, 1], io, new ModelCheckpoint { FailOnSaveError = true, DirPath = _folder.Path }));

        Assert.Contains("no disk today", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["epoch=0-step=2.ckpt"], Files());
    }

    private TinyModel Fit(double[] metric, params Callback[] callbacks) => Fit(metric, null, null, callbacks);

    private TinyModel Fit(double[] metric, ICheckpointIO io, params Callback[] callbacks) => Fit(metric, io, null, callbacks);

    private TinyModel Fit(double[] metric, Callback callback, string resume) => Fit(metric, null, resume, [callback]);

    private static void Ruin(TinyModel model, bool now)
    {
        if (!now) return;
        using var noGrad = no_grad();
        model.Layer.weight![0, 0].fill_(double.NaN);
    }

    private static TinyModel Fit(double[] metric, ICheckpointIO? io, string? resume, Callback[] callbacks)
    {
        var model = new ScriptedModel(metric);
        using var log = new ListLog();
        new Trainer(Quiet.Options with { EnableCheckpointing = true, MaxEpochs = metric.Length, NumSanityValSteps = 0, Callbacks = callbacks, CheckpointIO = io, LoggerFactory = log })
            .Fit(model, ToyData.Batches(8, 4), ToyData.Batches(4, 4), resume is null ? null : Resume.From(resume));
        return model;
    }

    private string[] Files() => [.. Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private void Empty()
    {
        foreach (var file in Directory.GetFiles(_folder.Path)) File.Delete(file);
    }

    private static void Forge(string path, string key, Dictionary<string, object?> kept)
    {
        using var file = CheckpointFile.Read(path);
        var state = new Dictionary<string, object?>(StateValue.Map(StateValue.Map(file["callbacks"])![key])!) { ["best_k_models"] = kept }; // written above
        CheckpointFile.Write(path, new Dictionary<string, object?>(file) { ["callbacks"] = new Dictionary<string, object?> { [key] = state } });
    }

    private sealed class Throws(int atBatch) : Callback
    {
        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            if (context.Trainer.Progress.BatchesSeen == atBatch) throw new TimeZoneNotFoundException("thrown by the test");
        }
    }

    /// <summary>A disk that refuses one file.</summary>
    private sealed class Failing(string name, bool background) : ICheckpointIO
    {
        private readonly LocalCheckpointIO _inner = new();
        private CheckpointException? _pending;

        public void Save(Checkpoint checkpoint, string path, Action? saved = null)
        {
            if (!Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal))
            {
                _inner.Save(checkpoint, path, saved);
                return;
            }

            var error = new CheckpointException($"'{path}': there is no disk today.");
            if (!background) throw error;
            _pending = error;
        }

        public LoadedCheckpoint Load(string path) => _inner.Load(path);

        public void Remove(string path) => _inner.Remove(path);

        public void Wait()
        {
            if (Interlocked.Exchange(ref _pending, null) is { } error) throw error;
        }

        public void Dispose() => _inner.Dispose();
    }
}
