using System.Diagnostics;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests;

public class StraightLineTests
{
    [Fact]
    public void On_the_guarded_thread_there_are_at_most_six_frames_of_ours()
    {
        var model = new WalksTheStack();

        new Trainer(Quiet.Options).Fit(model, ToyData.Batches(4, 4));

        Assert.InRange(model.Frames.Count, 1, 6);
    }

    [Fact]
    public void From_Fit_to_TrainingStep_there_are_at_most_six_frames_of_ours()
    {
        var model = new WalksTheStack();
        Environment.SetEnvironmentVariable("LIGHTNINGSHARP_NATIVE_GUARD", "0"); // as under a debugger, where the stack is one piece
        try
        {
            new Trainer(Quiet.Options).Fit(model, ToyData.Batches(4, 4));
        }
        finally
        {
            Environment.SetEnvironmentVariable("LIGHTNINGSHARP_NATIVE_GUARD", null);
        }

        var frames = model.Frames.FindIndex(frame => frame.EndsWith(".Fit", StringComparison.Ordinal)) + 1; // below it, the test may run in a continuation of another one's task
        Assert.True(frames is >= 1 and <= 6, $"{frames} frames: {string.Join(" < ", model.Frames)}");
    }

    private sealed class WalksTheStack : TinyModel
    {
        public List<string> Frames { get; } = [];

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Frames.Clear();
            foreach (var frame in new StackTrace().GetFrames())
            {
                var method = frame.GetMethod();
                if (method?.DeclaringType?.Assembly == typeof(Trainer).Assembly) Frames.Add($"{method.DeclaringType.Name}.{method.Name}");
            }

            return base.TrainingStep(batch, batchIndex);
        }
    }
}
