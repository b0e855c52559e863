using LightningSharp.Data;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Loops;

public class BatchPipeTests
{
    [Fact]
    public void The_hooks_of_the_data_module_come_first_where_it_has_them()
    {
        var seen = new List<string>();

        new Trainer(Quiet.Options).Fit(new Transfers(seen), new WithHooks(seen));

        Assert.Equal(["data before", "data transfer", "data after", "sum 4"], seen);
    }

    [Fact]
    public void The_hooks_of_the_module_come_where_the_data_module_has_none()
    {
        var seen = new List<string>();

        new Trainer(Quiet.Options).Fit(new Transfers(seen), new Plain());
        new Trainer(Quiet.Options).Fit(new Transfers(seen), [Batch()]);

        string[] once = ["module before", "module transfer", "module after", "sum 4"];
        Assert.Equal([.. once, .. once], seen);
    }

    [Fact]
    public void Each_hook_is_looked_for_by_itself()
    {
        var seen = new List<string>();

        new Trainer(Quiet.Options).Fit(new Transfers(seen), new AfterOnly(seen));

        Assert.Equal(["module before", "module transfer", "data after", "sum 4"], seen);
    }

    private static (Tensor X, Tensor Y) Batch() => (ones(1, 4), zeros(1, 2));

    private sealed class Transfers(List<string> seen) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            seen.Add($"sum {batch.X.sum().ToSingle()}");
            return Loss(batch);
        }

        public override (Tensor X, Tensor Y) OnBeforeBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex)
        {
            seen.Add("module before");
            return batch;
        }

        public override (Tensor X, Tensor Y) TransferBatchToDevice((Tensor X, Tensor Y) batch, Device device, int dataLoaderIndex)
        {
            seen.Add("module transfer");
            return batch;
        }

        public override (Tensor X, Tensor Y) OnAfterBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex)
        {
            seen.Add("module after");
            return batch;
        }
    }

    private class Plain : DataModule<(Tensor X, Tensor Y)>
    {
        public override IEnumerable<(Tensor X, Tensor Y)> TrainDataLoader() => [Batch()];
    }

    private sealed class AfterOnly(List<string> seen) : Plain
    {
        public override (Tensor X, Tensor Y) OnAfterBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex)
        {
            seen.Add("data after");
            return batch;
        }
    }

    private sealed class WithHooks(List<string> seen) : Plain
    {
        public override (Tensor X, Tensor Y) OnBeforeBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex)
        {
            seen.Add("data before");
            return batch;
        }

        public override (Tensor X, Tensor Y) TransferBatchToDevice((Tensor X, Tensor Y) batch, Device device, int dataLoaderIndex)
        {
            seen.Add("data transfer");
            return batch;
        }

        public override (Tensor X, Tensor Y) OnAfterBatchTransfer((Tensor X, Tensor Y) batch, int dataLoaderIndex)
        {
            seen.Add("data after");
            return batch;
        }
    }
}
