using LightningSharp.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Diagnostics;

public class LeakWatchTests
{
    [Fact]
    public void A_hook_that_keeps_one_tensor_per_step_is_named_within_200_steps()
    {
        var kept = new List<Tensor>();
        var reports = new List<(int Step, string Text)>();
        var step = 0;
        var watch = new LeakWatch(text => reports.Add((step, text)));

        for (; step < 400; step++)
        {
            Hook(watch, "TrainingStep", () => kept.Add(ones(1).DetachFromDisposeScope()));
            Hook(watch, "OnTrainBatchEnd", () => ones(1));
            watch.StepEnded();
        }

        var (at, report) = Assert.Single(reports);
        Assert.InRange(at, 1, 200);
        Assert.Contains("made in TrainingStep", report);
        foreach (var tensor in kept) tensor.Dispose();
    }

    [Fact]
    public void A_run_that_keeps_a_few_tensors_and_replaces_one_says_nothing()
    {
        Tensor? last = null;
        var first = new List<Tensor>();
        var reports = new List<string>();
        var watch = new LeakWatch(reports.Add);

        for (var step = 0; step < 1000; step++)
        {
            Hook(watch, "TrainingStep", () =>
            {
                if (step % 50 == 0) first.Add(ones(1).DetachFromDisposeScope());
                last?.Dispose();
                last = ones(1).DetachFromDisposeScope();
            });
            watch.StepEnded();
        }

        Assert.Empty(reports);
        last?.Dispose();
        foreach (var tensor in first) tensor.Dispose();
    }

    private static void Hook(LeakWatch watch, string name, Action body)
    {
        watch.Enter();
        using (NewDisposeScope()) body();
        watch.Leave(name);
    }
}
