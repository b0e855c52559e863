using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests;

public class LeakTests
{
    [Fact]
    public void Live_tensors_are_flat_over_a_thousand_steps_without_a_Dispose_in_user_code()
    {
        Settle();
        var counts = new CountsTensors();
        var data = ToyData.Batches(80, 4);

        new Trainer(Quiet.Options with { MaxEpochs = 50, Callbacks = [counts] }).Fit(new TinyModel(), data, ToyData.Batches(8, 4, 100));

        Assert.Equal(50, counts.AtEpochEnd.Count);
        Assert.Equal(counts.AtEpochEnd[2], counts.AtEpochEnd[^1]);
    }

    [Fact]
    public void Tensors_that_a_loader_makes_for_a_batch_die_with_the_batch()
    {
        Settle();
        var counts = new CountsTensors();

        new Trainer(Quiet.Options with { MaxEpochs = 10, Callbacks = [counts] }).Fit(new TinyModel(), new Generated(8));

        Assert.Equal(counts.AtEpochEnd[2], counts.AtEpochEnd[^1]);
    }

    [Fact]
    public void A_loader_may_keep_tensors_that_it_made_while_it_was_asked_for_a_batch()
    {
        var model = new TinyModel();

        new Trainer(Quiet.Options with { MaxEpochs = 2 }).Fit(model, LazilyLoaded());

        Assert.Equal(8, model.Losses.Count);

        static IEnumerable<(Tensor X, Tensor Y)> LazilyLoaded()
        {
            var (x, y) = ToyData.Batches(16, 16)[0]; // born inside the first MoveNext
            for (var i = 0; i < 16; i += 4) yield return (x.narrow(0, i, 4), y.narrow(0, i, 4));
        }
    }

    [Fact]
    public void Batches_that_belong_to_the_user_are_not_freed()
    {
        var data = ToyData.Batches(8, 4);

        new Trainer(Quiet.Options with { MaxEpochs = 2 }).Fit(new TinyModel(), data);

        Assert.All(data, batch => Assert.False(batch.X.IsInvalid));
    }

    // The count is of the whole process: what earlier tests left to finalizers must be gone first.
    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private sealed class Generated(int count) : IEnumerable<(Tensor X, Tensor Y)>
    {
        public IEnumerator<(Tensor X, Tensor Y)> GetEnumerator()
        {
            for (var i = 0; i < count; i++) yield return (ones(4, 4), zeros(4, 2));
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class CountsTensors : Callback
    {
        public List<long> AtEpochEnd { get; } = [];

        public override void OnTrainEpochEnd(HookContext context) => AtEpochEnd.Add(Tensor.TotalCount);
    }
}
