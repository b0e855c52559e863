using LightningSharp.Data;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests;

public class HookOrderTests
{
    [Fact]
    public void The_order_of_hooks_of_Fit_is_the_golden_text()
    {
        var lines = new List<string>();
        var trainer = new Trainer(Quiet.Options with { NumSanityValSteps = 1, Callbacks = [new RecordingCallback(lines)] });

        trainer.Fit(new RecordingModel(lines), new RecordingData(lines));

        Golden.Matches("fit", lines);
    }

    [Fact]
    public void The_order_of_hooks_of_Test_is_the_golden_text()
    {
        var lines = new List<string>();

        new Trainer(Quiet.Options with { Callbacks = [new RecordingCallback(lines)] }).Test(new RecordingModel(lines), new RecordingData(lines));

        Golden.Matches("test", lines);
    }

    [Fact]
    public void The_order_of_hooks_of_Predict_is_the_golden_text()
    {
        var lines = new List<string>();

        new Trainer(Quiet.Options with { Callbacks = [new RecordingCallback(lines)] }).Predict(new RecordingModel(lines), new RecordingData(lines));

        Golden.Matches("predict", lines);
    }

    private sealed class RecordingData(List<string> lines) : DataModule<(Tensor X, Tensor Y)>
    {
        public override void PrepareData() => lines.Add("data PrepareData");

        public override void Setup(Stage stage) => lines.Add($"data Setup({stage})");

        public override void Teardown(Stage stage) => lines.Add($"data Teardown({stage})");

        public override IEnumerable<(Tensor X, Tensor Y)> TrainDataLoader() => Loader(nameof(TrainDataLoader), 2);

        public override IEnumerable<(Tensor X, Tensor Y)> ValidationDataLoader() => Loader(nameof(ValidationDataLoader), 1);

        public override IEnumerable<(Tensor X, Tensor Y)> TestDataLoader() => Loader(nameof(TestDataLoader), 1);

        public override IEnumerable<(Tensor X, Tensor Y)> PredictDataLoader() => Loader(nameof(PredictDataLoader), 1);

        public override void OnException(Exception exception) => lines.Add("data OnException");

        private List<(Tensor X, Tensor Y)> Loader(string name, int batches)
        {
            lines.Add($"data {name}");
            return ToyData.Batches(4 * batches, 4);
        }
    }
}
