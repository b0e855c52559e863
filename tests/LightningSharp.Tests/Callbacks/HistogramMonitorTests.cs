using LightningSharp.Callbacks;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Callbacks;

public sealed class HistogramMonitorTests : IDisposable
{
    private readonly Support.TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parameters_and_gradients_are_sent_at_every_nth_step()
    {
        var memory = new InMemoryLogger();

        new Trainer(Options(memory, new HistogramMonitor(everyNSteps: 2))).Fit(new TinyModel(), ToyData.Batches(16, 4));

        Assert.Equal(
            [("gradients/layer.bias", 0), ("gradients/layer.bias", 2), ("gradients/layer.weight", 0), ("gradients/layer.weight", 2), ("parameters/layer.bias", 0), ("parameters/layer.bias", 2), ("parameters/layer.weight", 0), ("parameters/layer.weight", 2)],
            memory.Items.Select(item => (item.Name, item.Step)).Order());
        Assert.All(memory.Items.Where(item => item.Name.EndsWith("weight", StringComparison.Ordinal)), item => Assert.Equal(8, ((HistogramData)item.Value).Count));
        Assert.NotEqual(0, memory.Items.Where(item => item.Name == "gradients/layer.weight").Sum(item => ((HistogramData)item.Value).SumOfSquares));
    }

    [Fact]
    public void Gradients_that_are_not_finite_are_counted_and_do_not_end_the_run()
    {
        var memory = new InMemoryLogger();

        new Trainer(Options(memory, new HistogramMonitor())).Fit(new Exploding(), ToyData.Batches(4, 4));

        Assert.Equal(8, ((HistogramData)memory.Items.Single(item => item.Name == "gradients/layer.weight").Value).NonFinite);
    }

    [Fact]
    public void Without_a_logger_for_histograms_one_notice_says_so()
    {
        var log = new ListLog();

        new Trainer(Options(new CsvLogger(), new HistogramMonitor(everyNSteps: 1)) with { LoggerFactory = log }).Fit(new TinyModel(), ToyData.Batches(8, 4));

        Assert.Single(log.Lines, line => line.Id == (int)MessageId.NotTaken);
    }

    [Theory]
    [InlineData(0, 30)]
    [InlineData(1, 0)]
    public void Numbers_that_cannot_work_are_refused(int everyNSteps, int buckets)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new HistogramMonitor(everyNSteps, buckets: buckets));

    private TrainerOptions Options(IMetricLogger logger, Callback callback)
        => Quiet.Options with { Loggers = [logger], Callbacks = [callback], DefaultRootDir = _folder.Path, EnableReport = false };

    private sealed class Exploding : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            using Scalar infinity = double.PositiveInfinity;
            return Loss(batch).mul(infinity);
        }
    }
}
