using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Logging;

public sealed class TrainerLoggingTests : IDisposable
{
    private readonly Support.TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pictures_histograms_texts_and_tables_reach_the_loggers_that_take_them_at_the_metrics_step()
    {
        var memory = new InMemoryLogger();
        var model = new Showing((module, batchIndex) =>
        {
            if (batchIndex != 1) return;
            module.LogImage("digit", rand(1, 4, 4));
            module.LogHistogram("weight", module.Layer.weight!);
            module.LogText("note", "half way");
            module.LogTable("worst", ["index", "loss"], [[3, 0.5], [7, 0.25]]);
        });

        new Trainer(Options(memory)).Fit(model, ToyData.Batches(12, 4));

        Assert.Equal([("image", "digit", 1), ("histogram", "weight", 1), ("text", "note", 1), ("table", "worst", 1)], memory.Items.Select(item => (item.Kind, item.Name, item.Step)));
        Assert.Equal(8, ((HistogramData)memory.Items[1].Value).Count);
    }

    [Fact]
    public void At_the_end_of_an_epoch_the_step_is_that_of_the_epochs_metrics()
    {
        var memory = new InMemoryLogger();
        var model = new Showing(atEpochEnd: module => module.LogText("note", "done"));

        new Trainer(Options(memory)).Fit(model, ToyData.Batches(12, 4));

        Assert.Equal(memory.Rows[^1].Step, memory.Items.Single().Step);
    }

    [Fact]
    public void Without_a_logger_that_takes_pictures_one_notice_says_so_and_the_tensor_is_not_read()
    {
        var log = new ListLog();
        var model = new Showing((module, _) => module.LogImage("digit", rand(5, 5, 5))); // five channels: an error if it were looked at

        new Trainer(Options(new CsvLogger()) with { LoggerFactory = log }).Fit(model, ToyData.Batches(12, 4));

        var notice = Assert.Single(log.Lines, line => line.Id == (int)MessageId.NotTaken);
        Assert.Contains("LogImage", notice.Text, StringComparison.Ordinal);
        Assert.Contains("CsvLogger", notice.Text, StringComparison.Ordinal);
        Assert.Contains("JsonLinesLogger", notice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void With_logging_switched_off_nothing_is_said()
    {
        var log = new ListLog();
        var model = new Showing((module, _) => module.LogText("a", "b"));

        new Trainer(Quiet.Options with { LoggerFactory = log }).Fit(model, ToyData.Batches(8, 4));

        Assert.DoesNotContain(log.Lines, line => line.Id == (int)MessageId.NotTaken);
    }

    [Fact]
    public void A_sanity_check_writes_nothing()
    {
        var memory = new InMemoryLogger();
        var model = new Showing(inValidation: module => module.LogText("seen", "x"));

        new Trainer(Options(memory) with { NumSanityValSteps = 2 }).Fit(model, ToyData.Batches(4, 4), ToyData.Batches(4, 4));

        Assert.Single(memory.Items); // validation's own batch
    }

    [Fact]
    public void Outside_of_a_run_the_error_says_where_to_log()
    {
        var trainer = new Trainer(Options(new InMemoryLogger()));

        var error = Assert.Throws<InvalidOperationException>(() => trainer.LogText("note", "late"));

        Assert.Contains("outside of a run", error.Message, StringComparison.Ordinal);
        Assert.Contains("Trainer.Loggers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_of_another_length_than_the_headings_is_named()
    {
        var model = new Showing((module, _) => module.LogTable("worst", ["index", "loss"], [[1, 2], [3]]));

        var error = Assert.Throws<ArgumentException>(() => new Trainer(Options(new InMemoryLogger())).Fit(model, ToyData.Batches(4, 4)));

        Assert.Contains("row 1 has 1 cells, but there are 2 columns", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_without_a_Trainer_logs_nowhere()
        => new TinyModel().LogImage("digit", rand(1, 4, 4));

    private TrainerOptions Options(IMetricLogger logger) => Quiet.Options with { Loggers = [logger], DefaultRootDir = _folder.Path, LogEveryNSteps = 1, NumSanityValSteps = 0 };

    private sealed class Showing(Action<Showing, int>? inStep = null, Action<Showing>? atEpochEnd = null, Action<Showing>? inValidation = null) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            inStep?.Invoke(this, batchIndex);
            return base.TrainingStep(batch, batchIndex);
        }

        public override void OnTrainEpochEnd()
        {
            Log("end", 1.0);
            atEpochEnd?.Invoke(this);
        }

        public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => inValidation?.Invoke(this);
    }
}
