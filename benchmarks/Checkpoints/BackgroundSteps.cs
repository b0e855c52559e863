using System.Diagnostics;
using System.Globalization;
using LightningSharp.Checkpointing;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks.Checkpoints;

/// <summary>Times of training steps while a checkpoint is written behind them, against steps of the same run without, and the pause that each kind of save makes.</summary>
internal sealed class BackgroundSteps(string folder, int mebibytes, int saves)
{
    private const int Between = 300; // steps without a save between two saves

    public void Run()
    {
        using var writing = new Writing();
        var timer = new StepTimer(writing, folder, saves);
        var x = randn(256, 256);
        var trainer = new Trainer(new()
        {
            Accelerator = Accelerator.Cpu, Console = ConsoleMode.Quiet, EnableProgressBar = false, EnableModelSummary = false, EnableCheckpointing = false, Loggers = [],
            MaxEpochs = 1, CheckpointIO = writing, Callbacks = [timer],
        });

        trainer.Fit(new WideModel(mebibytes), Batches());

        Console.WriteLine($"\n{mebibytes} MiB checkpoint, {saves} saves of each kind in turns\n| what | median ms | steps |\n|---|---|---|");
        Print("step without a save", timer.Quiet);
        Print("step while a file is written behind it", timer.Busy);
        Print("pause of a save in the foreground (flushed)", timer.Foreground);
        Print("pause of a save behind the training (tensors are copied)", timer.Background);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a step during a background save takes {Median(timer.Busy) / Median(timer.Quiet):F2} times as long as without; the pause is {Median(timer.Background) / Median(timer.Foreground):P0} of the foreground's"));

        IEnumerable<(Tensor X, Tensor Y)> Batches()
        {
            while (!timer.IsDone) yield return (x.alias(), x.alias());
        }
    }

    private static void Print(string name, List<double> times) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median(times):F1} | {times.Count} |"));

    private static double Median(List<double> times) => times.Count == 0 ? double.NaN : times.Order().ElementAt(times.Count / 2);

    /// <summary>Writes behind the training or not, as wanted, and knows whether it is writing.</summary>
    private sealed class Writing : ICheckpointIO
    {
        private readonly BackgroundCheckpointWriter _writer = new();

        public bool Behind { get; set; }

        public bool IsSaving => _writer.IsSaving;

        public void Save(Checkpoint checkpoint, string path, Action? saved = null)
        {
            if (Behind) _writer.Save(path, checkpoint.Entries, afterwards: saved);
            else CheckpointFile.Write(path, checkpoint.Entries);
            if (!Behind) saved?.Invoke();
        }

        public LoadedCheckpoint Load(string path) => CheckpointFile.Read(path);

        public void Remove(string path) => File.Delete(path);

        public void Wait() => _writer.Wait();

        public void Dispose() => _writer.Dispose();
    }

    private sealed class StepTimer(Writing writing, string folder, int saves) : Callback
    {
        private long _start;
        private bool _busyAtStart;
        private int _sinceSave;
        private int _saved;

        public List<double> Quiet { get; } = [];

        public List<double> Busy { get; } = [];

        public List<double> Foreground { get; } = [];

        public List<double> Background { get; } = [];

        public bool IsDone => _saved >= 2 * saves && !writing.IsSaving;

        public override void OnTrainBatchStart(BatchContext context)
        {
            _busyAtStart = writing.IsSaving;
            _start = Stopwatch.GetTimestamp();
        }

        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            var time = Stopwatch.GetElapsedTime(_start).TotalMilliseconds;
            if (context.BatchIndex < 100) return; // kernels and code are warmed up
            var busy = writing.IsSaving;
            if (busy && _busyAtStart) Busy.Add(time);
            if (!busy && !_busyAtStart) Quiet.Add(time);
            if (busy || ++_sinceSave < Between || _saved >= 2 * saves) return;
            Save(context.Trainer);
        }

        private void Save(Trainer trainer)
        {
            writing.Behind = _saved++ % 2 == 1;
            _sinceSave = 0;
            var begin = Stopwatch.GetTimestamp();
            trainer.SaveCheckpoint(Path.Combine(folder, "step.ckpt"));
            (writing.Behind ? Background : Foreground).Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }
    }
}
