using System.Globalization;
using LightningSharp.Callbacks;
using LightningSharp.Tests.Reliability;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Faults;

/// <summary>
/// A whole training in a process of its own, for the tests to signal, kill, starve and resume: <c>train folder key=value ...</c>. Prints "step n" after each batch and at
/// the end "weights hash"; resumes by itself where an earlier process left off.
/// </summary>
internal static class TrainCases
{
    private static TextWriter Out { get; set; } = System.Console.Out; // opened once: some tests take away the file handles

    public static int Run(string folder, string[] settings)
    {
        var given = settings.Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var cancellation = CancellationToken.None;
        if (given.ContainsKey("quiet")) Out = TextWriter.Null;
        set_num_threads(1);
        manual_seed(11); // modules draw their first weights when they are made
        var model = new Paced(Number("pause", 0), Number("stuck", -1), Number("validation-pause", 0));
        var trainer = new Trainer(new()
        {
            Accelerator = Accelerator.Cpu,
            MaxEpochs = Number("epochs", 3),
            Seed = 11,
            DefaultRootDir = folder,
            EnableProgressBar = Number("bar", 0) == 1,
            EnableModelSummary = Number("bar", 0) == 1,
            LogEveryNSteps = 1,
            ValCheckInterval = 5,
            NumSanityValSteps = Number("sanity", 1),
            AccumulateGradBatches = Number("accumulate", 1),
            TerminationDeadline = TimeSpan.FromMilliseconds(Number("deadline", 20_000)),
            Callbacks = [new ModelCheckpoint { EveryNTrainSteps = Number("save-every", 1000) }],
        });
        try
        {
            var result = trainer.Fit(model, Scenario.Train(Number("workers", 0)), Scenario.Validation(), Resume.Auto, cancellation);
            Out.WriteLine($"stopped {result.StopReason} step {result.Progress.GlobalStep} failed-saves {result.FailedSaves.Count}");
            Out.WriteLine($"weights {Scenario.Fingerprint(model)}");
            return result.ExitCode;
        }
        catch (Exception exception)
        {
            Out.WriteLine($"exception {exception.GetType().Name}: {exception.Message}");
            return ExitCodes.From(exception);
        }

        int Number(string key, int otherwise) => given.TryGetValue(key, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }

    private sealed class Paced(int pause, int stuck, int validationPause) : Scenario.Model
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = base.TrainingStep(batch, batchIndex); // before the pause: batch statistics and random numbers have moved on by then
            Out.WriteLine($"step {Trainer.Progress.BatchesSeen}");
            if (Trainer.Progress.BatchesSeen == stuck) LongNativeCall();
            if (pause > 0) Thread.Sleep(pause);
            return loss;
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            base.ValidationStep(batch, batchIndex);
            rand(3).Dispose(); // validation that draws random numbers
            Out.WriteLine($"{Trainer.Stage}");
            if (validationPause > 0) Thread.Sleep(validationPause);
        }

        // Many seconds inside one call: no managed code of this thread runs meanwhile.
        private static void LongNativeCall()
        {
            Out.WriteLine("stuck");
            using var generator = new Generator(1);
            using var a = rand(4000, 4000, dtype: ScalarType.Float64, generator: generator);
            _ = linalg.eigvals(a);
        }
    }
}
