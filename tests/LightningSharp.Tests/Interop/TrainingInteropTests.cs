using LightningSharp.Checkpointing;
using LightningSharp.Tests.Checkpointing;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Interop;

/// <summary>
/// Training that changes between Python and .NET in the middle of an epoch and at an epoch's end goes on with the numbers of a training that stayed where it was:
/// every kind of optimizer with every kind of schedule, steps taken by the fused engines and by TorchSharp's own optimizers.
/// </summary>
public class TrainingInteropTests
{
    private const int PerEpoch = 3;
    private const double Tolerance = 1e-6; // the issue's; two versions of libtorch round differently

    // RMSprop has no fused engine; the others are tried on both, TorchSharp's own with the schedules that keep most state.
    private static readonly string[] Cases =
    [
        .. from optimizer in InteropModel.OptimizerNames from schedule in InteropModel.ScheduleNames select $"{optimizer}.{schedule}.fused",
        .. from optimizer in InteropModel.OptimizerNames from schedule in (string[])["plateau", "onecycle"] select $"{optimizer}.{schedule}.torchsharp",
    ];

    [Fact]
    public void Training_that_began_in_Python_goes_on_here_and_there_again_with_the_same_numbers()
    {
        using var folder = new TestFolder();
        WriteStart(folder);

        Python(folder, "start", "whole", 5, 0);
        Python(folder, "start", "first", 1, 2);
        foreach (var name in Cases) Train(folder, name, "first", "second", 3, 0);
        Python(folder, "second", "third", 5, 0);

        AssertSame(folder, "whole", ["first", "second", "third"]);
    }

    [Fact]
    public void Training_that_began_here_goes_on_in_Python_and_here_again_with_the_same_numbers()
    {
        using var folder = new TestFolder();
        WriteStart(folder);

        foreach (var name in Cases)
        {
            Train(folder, name, "start", "whole", 5, 0);
            Train(folder, name, "start", "first", 1, 1);
        }

        Python(folder, "first", "second", 3, 2);
        foreach (var name in Cases) Train(folder, name, "second", "third", 5, 0);

        AssertSame(folder, "whole", ["first", "second", "third"]);
    }

    private static void WriteStart(TestFolder folder)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var model = new InteropModel("sgd", "none");
        var data = new Dictionary<string, object?>
        {
            ["train"] = ToyData.Batches(PerEpoch * 4, 4).Select(batch => (object?)new CheckpointTuple(batch.X, batch.Y)).ToList(),
            ["validation"] = ToyData.Batches(4, 4, 100).Select(batch => (object?)new CheckpointTuple(batch.X, batch.Y)).Single(),
        };
        CheckpointFile.Write(folder["start.ckpt"], new Dictionary<string, object?> { ["state_dict"] = model.state_dict(), ["data"] = data });
    }

    private static void Python(TestFolder folder, string source, string target, int epochs, int batches)
        => PythonTorch.Run("train.py", [folder.Path, source, target, $"{epochs}", $"{batches}", .. Cases]);

    private static void Train(TestFolder folder, string name, string source, string target, int epochs, int batches)
    {
        var parts = name.Split('.');
        using var model = new InteropModel(parts[0], parts[1]);
        var start = folder["start.ckpt"];
        var steps = (epochs * PerEpoch) + batches;
        var path = folder[$"{name}.{target}.ckpt"];
        var trainer = new Trainer(Quiet.Options with
        {
            MaxEpochs = epochs + (batches > 0 ? 1 : 0), MaxSteps = steps, FusedOptimizers = parts[2] == "fused", NumSanityValSteps = 0,
            Callbacks = batches > 0 ? [new SaveAfter(steps, path)] : [],
        });
        if (source == "start")
        {
            using var file = CheckpointFile.Read(start);
            StateDictLoader.Load(model, file.StateDict());
        }

        trainer.Fit(model, ToyData.Batches(PerEpoch * 4, 4), ToyData.Batches(4, 4, 100), source == "start" ? null : Resume.From(folder[$"{name}.{source}.ckpt"]));

        if (batches == 0) trainer.SaveCheckpoint(path);
        using var scope = NewDisposeScope();
        using var written = CheckpointFile.Read(path);
        CheckpointFile.Write(path, new Dictionary<string, object?>(written) { ["losses"] = model.Losses });
    }

    private static void AssertSame(TestFolder folder, string whole, string[] parts)
    {
        var differences = new List<string>();
        foreach (var name in Cases)
        {
            using var scope = NewDisposeScope();
            using var expected = CheckpointFile.Read(folder[$"{name}.{whole}.ckpt"]);
            using var last = CheckpointFile.Read(folder[$"{name}.{parts[^1]}.ckpt"]);
            var losses = parts.SelectMany(part => Losses(folder[$"{name}.{part}.ckpt"])).ToList();
            var wanted = Losses(folder[$"{name}.{whole}.ckpt"]);
            if (losses.Count != wanted.Count || losses.Zip(wanted).Any(pair => !(Math.Abs(pair.First - pair.Second) <= Tolerance)))
                differences.Add($"{name}: losses {string.Join(' ', losses)}\n  against {string.Join(' ', wanted)}");
            foreach (var (key, weight) in expected.StateDict())
            {
                var distance = (weight - last.StateDict()[key]).abs().max().ToDouble();
                if (!(distance <= Tolerance)) differences.Add($"{name}: {key} differs by {distance}");
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static List<double> Losses(string path)
    {
        using var file = CheckpointFile.Read(path);
        return [.. StateValue.List(file["losses"]).Select(loss => (double)loss!)]; // a list of numbers, ours and Python's
    }

    private sealed class SaveAfter(int batches, string path) : Callback
    {
        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            if (context.Trainer.Progress.BatchesSeen == batches) context.Trainer.SaveCheckpoint(path);
        }
    }
}
