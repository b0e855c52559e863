using LightningSharp.Profiling;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Profiling;

public class SimpleProfilerTests
{
    [Fact]
    public void The_table_has_mean_calls_total_own_time_and_percentage_of_nested_actions()
    {
        using var profiler = new SimpleProfiler(new ManualTime());
        var trainer = new Trainer(Quiet.Options);

        profiler.RunStarted(trainer, Stage.Fit);
        for (var i = 0; i < 3; i++)
        {
            profiler.Start("outer");
            using (profiler.Profile("inner"))
            {
            }

            profiler.Stop("outer");
        }

        Golden.Matches("table", profiler.Describe().Split('\n'));
    }

    [Fact]
    public void Every_action_of_a_run_is_named_and_counted()
    {
        using var profiler = new SimpleProfiler { Output = TextWriter.Null, TimesModules = true };

        new Trainer(Quiet.Options with { Profiler = profiler, Callbacks = [new Watcher()], MaxEpochs = 2 }).Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(4, 4));

        var own = profiler.Actions.Where(row => !row.Action.StartsWith("[Callback]", StringComparison.Ordinal) || row.Action.Contains(nameof(Watcher), StringComparison.Ordinal));
        Golden.Matches("actions", own.OrderBy(row => row.Action, StringComparer.Ordinal).Select(row => $"{row.Calls,3} {row.Action}"));
    }

    [Fact]
    public void Times_without_the_actions_inside_add_up_to_no_more_than_the_run()
    {
        using var profiler = new SimpleProfiler { Output = TextWriter.Null };

        var result = new Trainer(Quiet.Options with { Profiler = profiler }).Fit(new TinyModel(), ToyData.Batches(40, 4));

        Assert.True(profiler.Actions.Aggregate(TimeSpan.Zero, (sum, row) => sum + row.Self) <= result.Elapsed);
        Assert.All(profiler.Actions, row => Assert.True(row.Self <= row.Total && row.Self >= TimeSpan.Zero));
        Assert.Equal(10, profiler.Actions.Single(row => row.Action == "[LightningModule]TinyModel.TrainingStep").Calls);
    }

    [Fact]
    public void A_scope_of_the_users_own_is_a_row()
    {
        using var profiler = new SimpleProfiler { Output = TextWriter.Null };

        new Trainer(Quiet.Options with { Profiler = profiler }).Fit(new Augments(profiler), ToyData.Batches(8, 4));

        Assert.Equal(2, profiler.Actions.Single(row => row.Action == "augment").Calls);
    }

    [Fact]
    public void Starting_twice_and_stopping_what_was_not_started_are_refused_by_name()
    {
        using var profiler = new SimpleProfiler();
        profiler.Start("load");

        var twice = Assert.Throws<InvalidOperationException>(() => profiler.Start("load"));
        var never = Assert.Throws<InvalidOperationException>(() => profiler.Stop("save"));

        Assert.Contains("\"load\"", twice.Message, StringComparison.Ordinal);
        Assert.Contains("\"save\"", never.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_file_name_the_table_goes_to_a_file_of_the_stage()
    {
        using var folder = new TempFolder();
        using var profiler = new SimpleProfiler { DirPath = folder.Path, FileName = "times" };
        var model = new TinyModel();
        var trainer = new Trainer(Quiet.Options with { Profiler = profiler });

        trainer.Fit(model, ToyData.Batches(8, 4));
        trainer.Test(model, ToyData.Batches(8, 4));

        Assert.Contains("TinyModel.TrainingStep", File.ReadAllText(Path.Combine(folder.Path, "fit-times.txt")), StringComparison.Ordinal);
        Assert.Contains("TinyModel.TestStep", File.ReadAllText(Path.Combine(folder.Path, "test-times.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_fails_is_described_as_well()
    {
        using var output = new StringWriter();
        using var profiler = new SimpleProfiler { Output = output, TimesModules = true };

        Assert.Throws<InvalidTimeZoneException>(() => new Trainer(Quiet.Options with { Profiler = profiler }).Fit(new Throws(), ToyData.Batches(8, 4)));

        Assert.Contains("[LightningModule]Throws.TrainingStep", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_profiler_changes_no_result()
    {
        var plain = new TinyModel();
        var profiled = new TinyModel();
        using var profiler = new SimpleProfiler { Output = TextWriter.Null, TimesModules = true };

        new Trainer(Quiet.Options).Fit(plain, ToyData.Batches(16, 4));
        new Trainer(Quiet.Options with { Profiler = profiler }).Fit(profiled, ToyData.Batches(16, 4));

        Assert.Equal(plain.Losses, profiled.Losses);
    }

    private sealed class Watcher : Callback
    {
        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
        }
    }

    private sealed class Augments(SimpleProfiler profiler) : TinyModel
    {
        public override TorchSharp.torch.Tensor? TrainingStep((TorchSharp.torch.Tensor X, TorchSharp.torch.Tensor Y) batch, int batchIndex)
        {
            using (profiler.Profile("augment"))
            {
                return base.TrainingStep(batch, batchIndex);
            }
        }
    }

    private sealed class Throws : TinyModel
    {
        public override TorchSharp.torch.Tensor? TrainingStep((TorchSharp.torch.Tensor X, TorchSharp.torch.Tensor Y) batch, int batchIndex) => throw new InvalidTimeZoneException();
    }
}
