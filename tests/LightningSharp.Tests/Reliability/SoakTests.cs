using System.Diagnostics;
using LightningSharp.Logging;
using LightningSharp.Tests.Native;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Reliability;

/// <summary>Load, threads and determinism (5.3 to 5.5). LIGHTNINGSHARP_BATTERY=long runs the full counts.</summary>
public class SoakTests
{
    [Fact]
    public void Memory_is_flat_over_many_steps()
    {
        var steps = Scale.Count(1500, 20_000);
        var memory = new MeasuresMemory(warmUp: steps / 5);

        new Trainer(Quiet.Options with { MaxEpochs = -1, MaxSteps = steps, Callbacks = [memory], LogEveryNSteps = 10 }).Fit(new Scenario.Model(), Scenario.Train());

        Assert.Equal(0, memory.Tensors);
        Assert.InRange(memory.Resident, long.MinValue, 8L << 20);
        Scale.Injected("step", steps);
    }

    [Fact]
    public void Many_fits_in_one_process_leave_nothing_behind()
    {
        var fits = Scale.Count(60, 5000);
        FitOnce();
        FitOnce();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var (resident, threads) = (Resident(), Process.GetCurrentProcess().Threads.Count);

        for (var i = 0; i < fits; i++) FitOnce();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.InRange(Resident() - resident, long.MinValue, 24L << 20);
        Assert.InRange(Process.GetCurrentProcess().Threads.Count, 1, threads + 6); // the pool grows meanwhile
        Scale.Injected("fit", fits);

        static void FitOnce()
        {
            using var scope = NewDisposeScope(); // data and model of the test itself
            using var model = new TinyModel();
            new Trainer(Quiet.Options).Fit(model, ToyData.Batches(8, 4));
        }
    }

    [Fact]
    public void Exceptions_caught_from_steps_do_not_pile_up()
    {
        var count = Scale.Count(40, 1000);
        using var model = new Fails();
        var trainer = new Trainer(Quiet.Options);
        for (var i = 0; i < 5; i++) Assert.Throws<StepException>(() => trainer.Fit(model, ToyData.Batches(4, 4)));
        var resident = Resident();

        for (var i = 0; i < count; i++) Assert.Throws<StepException>(() => trainer.Fit(model, ToyData.Batches(4, 4)));

        Assert.InRange(Resident() - resident, long.MinValue, 24L << 20);
        Scale.Injected("exception of libtorch in a step", count);
    }

    [Fact]
    public void Threads_that_allocate_all_the_time_change_no_bit()
    {
        var epochs = Scale.Count(120, 1700);
        var quiet = Train(epochs);
        using var threads = new AllocatingThreads(2);
        var collections = GC.CollectionCount(0);

        var busy = Train(epochs);

        Assert.Equal(quiet, busy);
        Scale.Injected("collection during steps", GC.CollectionCount(0) - collections);

        static string Train(int epochs)
        {
            var model = new Scenario.Model();
            new Trainer(Quiet.Options with { MaxEpochs = epochs, Seed = 4 }).Fit(Reseed(model), Scenario.Train());
            return Scenario.Fingerprint(model);
        }
    }

    [Fact]
    public void Waiting_for_finalizers_inside_a_step_goes_on()
    {
        var result = new Trainer(Quiet.Options).Fit(new WaitsForFinalizers(), ToyData.Batches(8, 4));

        Assert.Equal(2, result.Progress.GlobalStep);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_whatever_looks_on()
    {
        using var folder = new TempFolder();
        var plain = Train(Quiet.Options, 0, validation: false);
        var runs = 0;
        foreach (var (options, workers, validation) in Variants(folder.Path))
        {
            Assert.Equal(plain, Train(options, workers, validation));
            runs++;
        }

        Scale.Injected("variant", runs);

        static string Train(TrainerOptions options, int workers, bool validation)
        {
            var model = Reseed(new Scenario.Model());
            new Trainer(options with { MaxEpochs = 2, Seed = 21 }).Fit(model, Scenario.Train(workers), validation ? Scenario.Validation(workers) : null);
            return Scenario.Fingerprint(model);
        }
    }

    [Fact]
    public void Stop_from_another_thread_at_any_time_ends_within_the_batch_and_tears_down_once()
    {
        var random = new Random(3);
        var count = Scale.Count(15, 500);
        for (var i = 0; i < count; i++)
        {
            var counts = new CountsTeardown();
            var trainer = new Trainer(Quiet.Options with { MaxEpochs = -1, MaxSteps = 1_000_000, Callbacks = [counts] });
            var delay = random.Next(30);
            var stopper = new Thread(() =>
            {
                counts.Started.Wait();
                Thread.Sleep(delay);
                trainer.Stop("from another thread");
            });
            stopper.Start();

            var result = trainer.Fit(new TinyModel(), ToyData.Batches(8, 4));

            stopper.Join();
            Assert.Equal((1, 1), (counts.Teardowns, counts.TrainEnds));
            Assert.True(result.StopReason == StopReason.Requested, result.StopMessage);
        }

        Scale.Injected("Stop from another thread", count);
    }

    private static IEnumerable<(TrainerOptions Options, int Workers, bool Validation)> Variants(string folder)
    {
        foreach (var workers in (int[])[1, 2, 4]) yield return (Quiet.Options, workers, false);
        yield return (Quiet.Options, 0, true);
        yield return (Quiet.Options with { ValCheckInterval = 5, NumSanityValSteps = 0 }, 2, true);
        yield return (Quiet.Options with { EnableProgressBar = true, EnableModelSummary = true, LoggerFactory = new RecordedMessages() }, 0, true);
        yield return (Quiet.Options with { Loggers = [new CsvLogger(), new InMemoryLogger()], LogEveryNSteps = 1, DefaultRootDir = folder, EnableCheckpointing = true }, 0, true);
        yield return (Quiet.Options with { LeakCheck = true, OnNonFinite = NonFiniteAction.Ignore, FinalizerGate = false, NativeGuard = false, MemoryWatch = false }, 0, false);
        yield return (Quiet.Options with { Barebones = true }, 0, false);
    }

    // Modules draw their first weights when they are made, before the Trainer seeds.
    private static Scenario.Model Reseed(Scenario.Model model)
    {
        using var noGrad = no_grad();
        using var generator = new Generator(17);
        foreach (var parameter in model.parameters()) parameter.copy_(rand(parameter.shape, generator: generator) - 0.5f);
        return model;
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }

    private sealed class MeasuresMemory(int warmUp) : Callback
    {
        private long _resident, _tensors;

        public long Resident { get; private set; }

        public long Tensors { get; private set; }

        public override void OnTrainBatchStart(BatchContext context)
        {
            if (context.Trainer.GlobalStep == warmUp) (_resident, _tensors) = (Environment.WorkingSet, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            if (context.Trainer.GlobalStep < warmUp || context.Trainer.IsLastBatch) return;
            (Resident, Tensors) = (Environment.WorkingSet - _resident, DisposeScopeManager.Statistics.ThreadTotalLiveCount - _tensors);
        }
    }

    private sealed class Fails : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => batch.X.mm(batch.X.t().mm(batch.Y).t());
    }

    private sealed class WaitsForFinalizers : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            if (batchIndex == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            return base.TrainingStep(batch, batchIndex);
        }
    }

    private sealed class CountsTeardown : Callback
    {
        public ManualResetEventSlim Started { get; } = new();

        public int Teardowns { get; private set; }

        public int TrainEnds { get; private set; }

        public override void OnTrainStart(HookContext context) => Started.Set();

        public override void OnTrainEnd(HookContext context) => TrainEnds++;

        public override void Teardown(StageContext context) => Teardowns++;
    }
}
