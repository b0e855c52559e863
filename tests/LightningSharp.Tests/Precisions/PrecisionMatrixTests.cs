using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using LightningSharp.Native;
using LightningSharp.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Precisions;

/// <summary>Every precision with everything that touches weights, gradients, outputs or state.</summary>
public class PrecisionMatrixTests
{
    private static readonly string[] Names = ["32-true", "64-true", "bf16-true", "16-true", "bf16-mixed", "16-mixed"];

    public static TheoryData<string> Precisions() => [.. Names];

    public static MatrixTheoryData<string, string> Cases() => new(Names, Ways.Keys);

    private static readonly Dictionary<string, Func<TrainerOptions, TrainerOptions>> Ways = new()
    {
        ["plain optimizer"] = options => options with { FusedOptimizers = false },
        ["accumulate"] = options => options with { AccumulateGradBatches = 2 },
        ["clip by norm"] = options => options with { GradientClipVal = 0.5 },
        ["clip by value"] = options => options with { GradientClipVal = 0.1, GradientClipAlgorithm = GradientClipAlgorithm.Value },
        ["EMA"] = options => options with { Callbacks = [new EMAWeightAveraging(decay: 0.5)] },
        ["SWA"] = options => options with { Callbacks = [StochasticWeightAveraging.StartingAt(2, [0.01], annealingEpochs: 1)] },
        ["monitors"] = options => options with { Callbacks = [new GradientNormMonitor(), new LearningRateMonitor(), new ThroughputMonitor { FlopsPerBatch = 1e3 }], Loggers = [new LightningSharp.Logging.InMemoryLogger()] },
        ["anomaly and checks"] = options => options with { DetectAnomaly = true, CheckGradients = true, LeakCheck = true },
    };

    // 16-mixed as a GPU runs it, with a loss scale: on the CPU the public one becomes bf16-mixed.
    private static Precision Of(string name) => name == "16-mixed" ? new Float16MixedPrecision(device => new GradientScaler(device, 1024), emulates: true) : Precision.Parse(name);

    private static TrainerOptions Options(string name) => Quiet.Options with { Precision = Of(name), MaxEpochs = 4, SilencedMessages = new HashSet<MessageId> { MessageId.Degraded } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Training_learns_and_evaluation_and_prediction_follow(string precision, string way)
    {
        var model = new Learner();
        var options = Ways[way](Options(precision));
        var trainer = new Trainer(options);

        trainer.Fit(model, ToyData.Batches(16, 4), ToyData.Batches(8, 4));
        var evaluator = new Trainer(Options(precision));
        var validated = evaluator.Validate(model, ToyData.Batches(8, 4));
        var predictions = evaluator.Predict(model, ToyData.Batches(8, 4));

        Assert.True(model.Losses[^4..].Average() < 0.8 * model.Losses[..4].Average(), $"{model.Losses[..4].Average()} to {model.Losses[^4..].Average()}");
        Assert.All(validated[0].Metrics.Values, value => Assert.True(double.IsFinite(value)));
        Assert.Equal(model.Outputs, [predictions[0].dtype]);
        Assert.All(model.parameters(), parameter => Assert.Equal(Weights(precision), parameter.dtype));
        Assert.Equal(ScalarType.Float32, get_default_dtype());
        Assert.False(Autocast.IsEnabled(DeviceType.CPU));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void A_resumed_run_has_the_bits_of_an_uninterrupted_one(string precision)
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "half.ckpt");
        var (whole, first, second) = (new Learner(), new Learner(), new Learner());
        new Trainer(Options(precision)).Fit(whole, ToyData.Batches(16, 4));
        var half = new Trainer(Options(precision) with { MaxEpochs = 2 });
        half.Fit(first, ToyData.Batches(16, 4));
        half.SaveCheckpoint(path);

        new Trainer(Options(precision)).Fit(second, ToyData.Batches(16, 4), resume: path);

        Assert.Equal(whole.Losses[8..], second.Losses);
        foreach (var (left, right) in whole.parameters().Zip(second.parameters())) Assert.True(left.equal(right).all().item<bool>());
        using var file = CheckpointFile.Read(path);
        Assert.All(file.StateDict().Values, tensor => Assert.Equal(Weights(precision), tensor.dtype));
    }

    [Theory]
    [InlineData("64-true", ScalarType.Float64)]
    [InlineData("bf16-true", ScalarType.BFloat16)]
    [InlineData("16-true", ScalarType.Float16)]
    [InlineData("bf16-mixed", ScalarType.Float32)]
    public void Floats_anywhere_in_a_batch_are_converted_and_everything_else_is_not(string precision, ScalarType expected)
    {
        var model = new Nested();
        Dictionary<string, object> Batch() => new()
        {
            ["x"] = randn(2, 4), ["list"] = new List<Tensor> { randn(2) }, ["pair"] = (randn(1), tensor([1L, 2])), ["ids"] = tensor([3, 4]), ["mask"] = tensor([true, false]),
            ["bytes"] = tensor(new byte[] { 1 }), ["text"] = "as it is", ["number"] = 1.5,
        };

        new Trainer(Options(precision) with { MaxEpochs = 1 }).Fit(model, (List<Dictionary<string, object>>)[Batch()]);

        Assert.Equal([expected, expected, expected, ScalarType.Int64, ScalarType.Int32, ScalarType.Bool, ScalarType.Byte], model.Types);
        Assert.Equal(("as it is", 1.5), model.Others);
    }

    [Theory]
    [InlineData("64-true", ScalarType.Float64)]
    [InlineData("bf16-true", ScalarType.BFloat16)]
    [InlineData("32-true", ScalarType.Float32)]
    public void Layers_that_ConfigureModel_makes_have_the_type_at_once(string precision, ScalarType expected)
    {
        var model = new MakesLayers();

        new Trainer(Options(precision) with { MaxEpochs = 1 }).Fit(model, ToyData.Batches(4, 4));

        Assert.Equal(expected, model.Made);
        Assert.Equal(ScalarType.Float32, get_default_dtype());
    }

    [Theory]
    [InlineData("bf16-mixed")]
    [InlineData("16-mixed")]
    public void A_second_forward_pass_after_a_manual_step_uses_the_new_weights(string precision)
    {
        var model = new StepsTwice();

        new Trainer(Options(precision) with { MaxEpochs = 1 }).Fit(model, ToyData.Batches(4, 4));

        Assert.NotEqual(model.Before, model.After);
        Assert.Equal(model.Fresh, model.After);
    }

    private static ScalarType Weights(string precision) => precision switch
    {
        "64-true" => ScalarType.Float64,
        "bf16-true" => ScalarType.BFloat16,
        "16-true" => ScalarType.Float16,
        _ => ScalarType.Float32,
    };

    private sealed class Learner : TinyModel
    {
        public HashSet<ScalarType> Outputs { get; } = [];

        public override Tensor forward(Tensor x)
        {
            var output = base.forward(x);
            Outputs.Add(output.dtype);
            return output;
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 0.1, momentum: 0.5);
    }

    private sealed class Nested : LightningModule<Dictionary<string, object>>
    {
        private readonly Linear layer = nn.Linear(4, 1);

        public ScalarType[] Types { get; private set; } = [];

        public (object, object) Others { get; private set; }

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor TrainingStep(Dictionary<string, object> batch, int batchIndex)
        {
            var (a, b) = ((Tensor, Tensor))batch["pair"];
            Tensor[] all = [(Tensor)batch["x"], ((List<Tensor>)batch["list"])[0], a, b, (Tensor)batch["ids"], (Tensor)batch["mask"], (Tensor)batch["bytes"]];
            (Types, Others) = ([.. all.Select(tensor => tensor.dtype)], (batch["text"], batch["number"]));
            return call((Tensor)batch["x"]).to(ScalarType.Float32).mean();
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 0.1);
    }

    private sealed class MakesLayers : TinyModel
    {
        private nn.Module<Tensor, Tensor>? _late;

        public ScalarType? Made { get; private set; }

        public override void ConfigureModel()
        {
            _late = nn.Linear(2, 2);
            Made = _late.parameters().First().dtype;
        }
    }

    private sealed class StepsTwice : TinyModel
    {
        public StepsTwice() => AutomaticOptimization = false;

        public double Before { get; private set; }

        public double After { get; private set; }

        public double Fresh { get; private set; }

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var optimizer = Trainer.Optimizers[0];
            var output = call(batch.X);
            Before = output.sum().ToDouble();
            optimizer.ZeroGrad();
            ManualBackward(Distance(output, batch.Y));
            optimizer.Step();
            After = call(batch.X).sum().ToDouble();
            using var ended = Autocast.Suspend(DeviceType.CPU);
            using var anew = Autocast.Begin(DeviceType.CPU, output.dtype);
            Fresh = nn.functional.linear(batch.X, Layer.weight!.clone(), Layer.bias!.clone()).sum().ToDouble(); // copies: not in the cache
            return null;
        }

        private static Tensor Distance(Tensor output, Tensor target) => nn.functional.mse_loss(output, target);
    }
}
