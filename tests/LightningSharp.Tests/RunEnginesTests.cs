using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using LightningSharp.Native;
using LightningSharp.Optimization;
using LightningSharp.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests;

public class RunEnginesTests
{
    private static readonly TrainerOptions Plain = Quiet.Options with { FusedOptimizers = false, ChannelsLast = EngineMode.Off, MemoryPolicy = EngineMode.Off };

    [Theory]
    [InlineData("32-true", ScalarType.Float32, ScalarType.Float32)]
    [InlineData("64-true", ScalarType.Float64, ScalarType.Float64)]
    [InlineData("bf16-true", ScalarType.BFloat16, ScalarType.BFloat16)]
    [InlineData("16-true", ScalarType.Float16, ScalarType.Float16)]
    [InlineData("bf16-mixed", ScalarType.Float32, ScalarType.BFloat16)]
    [InlineData("16-mixed", ScalarType.Float32, ScalarType.BFloat16)] // on a CPU it becomes bf16-mixed
    public void Every_precision_trains_validates_and_predicts(string name, ScalarType weights, ScalarType outputs)
    {
        var model = new SeesTypes();
        var options = Quiet.Options with { Precision = Precision.Parse(name), MaxEpochs = 4, SilencedMessages = new HashSet<MessageId> { MessageId.Degraded } };
        var trainer = new Trainer(options);

        trainer.Fit(model, ToyData.Batches(8, 4), ToyData.Batches(4, 4));
        var predictions = new Trainer(options).Predict(model, ToyData.Batches(4, 4));

        Assert.True(model.Losses[^1] < model.Losses[0], $"{model.Losses[0]} to {model.Losses[^1]}");
        Assert.All(model.parameters(), parameter => Assert.Equal(weights, parameter.dtype));
        Assert.Equal([outputs], model.Outputs);
        Assert.Equal(outputs, predictions[0].dtype);
        Assert.Equal(ScalarType.Float32, get_default_dtype());
        Assert.False(Autocast.IsEnabled(DeviceType.CPU));
    }

    [Fact]
    public void Statistics_of_batch_normalisation_follow_a_true_precision_and_counters_stay_whole_numbers()
    {
        var model = new Images(Sequential(Conv2d(1, 4, 3), BatchNorm2d(4), ReLU(), Flatten(), Linear(4 * 36, 3)));

        new Trainer(Quiet.Options with { Precision = Precision.Float64 }).Fit(model, Images.Batches(2));

        Assert.All(model.named_buffers(), buffer => Assert.Contains(buffer.buffer.dtype, (ScalarType[])[ScalarType.Float64, ScalarType.Int64]));
    }

    [Fact]
    public void A_step_with_an_infinite_gradient_is_left_out_and_counted_and_the_loss_scale_is_kept_in_the_checkpoint()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "scaled.ckpt");
        var options = Quiet.Options with { Precision = new Scaled(), MaxEpochs = 1, GradientClipVal = 100 };
        var model = new Overflows();
        var trainer = new Trainer(options with { Callbacks = [new SavesAt(2, path)] });

        trainer.Fit(model, ToyData.Batches(12, 4));

        Assert.Equal(3, trainer.GlobalStep);
        Assert.Equal(1, trainer.SkippedSteps);
        Assert.Equal(model.Weights[0], model.Weights[1]); // the second batch changed nothing
        Assert.NotEqual(model.Weights[1], model.Weights[2]);
        using var file = CheckpointFile.Read(path);
        var state = (IReadOnlyDictionary<string, object?>)file[Checkpointer.PrecisionKey]!; // written above
        Assert.Equal(512.0, Convert.ToDouble(state["scale"], System.Globalization.CultureInfo.InvariantCulture));

        var resumed = new Trainer(options with { MaxEpochs = 2 });
        resumed.Fit(new Overflows(), ToyData.Batches(12, 4), resume: path);
        Assert.Equal(2, resumed.SkippedSteps); // the one of before and the one of the second epoch
    }

    [Fact]
    public void Gradients_are_unscaled_before_the_hook_and_the_clipping()
    {
        var plain = Norms(Precision.Float32);

        var scaled = Norms(new Scaled());

        Assert.Equal(plain.Count, scaled.Count);
        Assert.All(plain.Zip(scaled), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        static List<double> Norms(Precision precision)
        {
            var norms = new SeesNorms();
            new Trainer(Quiet.Options with { Precision = precision, Callbacks = [norms], GradientClipVal = 0.5 }).Fit(new TinyModel(), ToyData.Batches(12, 4));
            return norms.Norms;
        }
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("sgd")]
    [InlineData("adagrad")]
    public void Fused_optimizers_are_on_by_default_and_agree_with_TorchSharps(string kind)
    {
        var (plain, off) = Train(kind, Plain);
        var (fused, on) = Train(kind, Quiet.Options);

        Assert.IsNotType<FusedOptimizer>(off.Optimizers[0].Optimizer, exactMatch: false);
        Assert.IsType<FusedOptimizer>(on.Optimizers[0].Optimizer, exactMatch: false);
        Assert.Contains(on.Engines, text => text.StartsWith("optimizer: fused", StringComparison.Ordinal));
        Assert.All(plain.Zip(fused), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        static (List<double> Losses, Trainer Trainer) Train(string kind, TrainerOptions options)
        {
            var model = new TinyWith(kind);
            var trainer = new Trainer(options with { MaxEpochs = 10 });
            trainer.Fit(model, ToyData.Batches(16, 4));
            return (model.Losses, trainer);
        }
    }

    [Fact]
    public void Manual_optimization_keeps_the_users_own_optimizer()
    {
        var model = new ManualTiny();
        var trainer = new Trainer(Quiet.Options);

        trainer.Fit(model, ToyData.Batches(8, 4));

        Assert.IsType<Adam>(trainer.Optimizers[0].Optimizer);
    }

    [Fact]
    public void A_scheduler_built_on_the_users_optimizer_steers_its_fused_replacement()
    {
        var model = new Scheduled();
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 3 });

        trainer.Fit(model, ToyData.Batches(8, 4));

        Assert.IsType<FusedOptimizer>(trainer.Optimizers[0].Optimizer, exactMatch: false);
        Assert.Equal(0.1 * 0.5 * 0.5 * 0.5, trainer.Optimizers[0].Optimizer.ParamGroups.First().LearningRate, 1e-9);
    }

    [Fact]
    public void An_optimizer_that_the_model_keeps_goes_on_with_its_state_in_a_second_Fit()
    {
        var once = new KeepsOptimizer();
        new Trainer(Quiet.Options with { MaxEpochs = 4 }).Fit(once, ToyData.Batches(8, 4));
        var twice = new KeepsOptimizer();
        new Trainer(Quiet.Options with { MaxEpochs = 2 }).Fit(twice, ToyData.Batches(8, 4));

        new Trainer(Quiet.Options with { MaxEpochs = 2 }).Fit(twice, ToyData.Batches(8, 4));

        Assert.Equal(once.Losses, twice.Losses);
    }

    [Fact]
    public void A_convolutional_model_trains_with_channels_last_within_rounding_and_gets_its_layout_back()
    {
        var (plain, _, _) = Images.Train(Plain);

        var (fast, model, trainer) = Images.Train(Plain with { ChannelsLast = EngineMode.Auto });

        Assert.Contains("layout: channels last", trainer.Engines);
        Assert.True(model.SawChannelsLast);
        Assert.All(plain.Zip(fast), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.All(model.parameters(), parameter => Assert.True(parameter.is_contiguous()));
    }

    [Fact]
    public void A_model_that_draws_random_numbers_over_images_falls_back_so_that_they_fall_on_the_same_elements()
    {
        var (plain, _, _) = Images.Train(Plain, dropout: 0.2);

        var (fallen, _, trainer) = Images.Train(Plain with { ChannelsLast = EngineMode.Auto }, dropout: 0.2);

        Assert.Equal(plain, fallen);
        Assert.DoesNotContain("layout: channels last", trainer.Engines);
    }

    [Fact]
    public void A_model_without_convolutions_keeps_its_layout()
    {
        var trainer = new Trainer(Quiet.Options);

        trainer.Fit(new TinyModel(), ToyData.Batches(4, 4));

        Assert.DoesNotContain(trainer.Engines, text => text.StartsWith("layout", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_that_views_its_activations_falls_back_to_the_ordinary_layout_and_to_the_same_bits()
    {
        var (plain, _, _) = Images.Train(Plain, views: true);

        var (fallen, model, trainer) = Images.Train(Plain with { ChannelsLast = EngineMode.Auto }, views: true);

        Assert.Equal(plain, fallen);
        Assert.Contains("layout: ordinary (a step does not work with channels last)", trainer.Engines);
        Assert.All(model.parameters(), parameter => Assert.True(parameter.is_contiguous()));
    }

    [Fact]
    public void A_step_that_is_repeated_in_the_ordinary_layout_counts_once_in_the_summary()
    {
        var (sound, fallen) = (new ModelSummary(), new ModelSummary());

        Images.Train(Plain with { EnableModelSummary = true, Callbacks = [sound] });
        Images.Train(Plain with { EnableModelSummary = true, Callbacks = [fallen], ChannelsLast = EngineMode.Auto }, views: true);

        Assert.NotNull(sound.Table?.TotalFlops);
        Assert.Equal(sound.Table!.TotalFlops, fallen.Table?.TotalFlops);
    }

    [Fact]
    public void A_view_that_fails_in_a_later_step_is_explained()
    {
        var exception = Assert.Throws<StepException>(() => Images.Train(Plain with { ChannelsLast = EngineMode.Auto }, viewsFrom: 3));

        Assert.Contains("ChannelsLast = EngineMode.Off", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("three dimensions")]
    [InlineData("recurrent")]
    [InlineData("sequence")]
    public void Models_without_images_train_to_the_same_bits_whatever_the_layout_option_says(string kind)
    {
        var plain = Odd.Train(kind, Plain);

        var automatic = Odd.Train(kind, Plain with { ChannelsLast = EngineMode.Auto });
        var forced = Odd.Train(kind, Plain with { ChannelsLast = EngineMode.On });

        Assert.Equal(plain, automatic);
        Assert.Equal(plain, forced);
    }

    [Fact]
    public void What_cannot_be_accelerated_is_named_with_its_reason()
    {
        var trainer = new Trainer(Quiet.Options);
        trainer.Fit(new TinyWith("rmsprop"), ToyData.Batches(4, 4));
        Assert.Contains("optimizer: RMSProp as it is (no fused kernel for it)", trainer.Engines);

        trainer.Fit(new TinyWith("opposite"), ToyData.Batches(4, 4));
        Assert.Contains("optimizer: SGD as it is (maximize with weight decay means something else in the kernel)", trainer.Engines);
    }

    // Each engine apart against the plain path: which one disagrees is known at once.
    [Theory]
    [InlineData("fused optimizer", 1e-5)]
    [InlineData("channels last", 1e-4)]
    [InlineData("memory policy", 0)]
    [InlineData("deterministic", 0)]
    [InlineData("guard", 0)]
    [InlineData("gate", 0)]
    public void Losses_of_each_engine_apart_agree_with_the_plain_path(string engine, double tolerance)
    {
        var (plain, _, _) = Images.Train(Plain with { NativeGuard = false, FinalizerGate = false });
        var options = Plain with { NativeGuard = engine == "guard", FinalizerGate = engine == "gate" };

        var (losses, _, trainer) = Images.Train(engine switch
        {
            "fused optimizer" => options with { FusedOptimizers = true },
            "channels last" => options with { ChannelsLast = EngineMode.On },
            "memory policy" => options with { MemoryPolicy = EngineMode.On },
            "deterministic" => options with { Deterministic = Determinism.On },
            _ => options,
        });

        Assert.All(plain.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        Assert.Equal(engine is "guard" or "gate", trainer.Engines.Count == 0);
    }

    [Fact]
    public void Checkpoints_of_a_rearranged_run_hold_ordinary_layouts_and_resume_to_the_same_bits()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "half.ckpt");
        var (whole, _, _) = Images.Train(Quiet.Options with { Callbacks = [new SavesAt(3, path)] });

        var (rest, _, _) = Images.Train(Quiet.Options, resume: path);

        Assert.Equal(whole[3..], rest);
        using var file = CheckpointFile.Read(path);
        var tensors = file.StateDict().Values.Concat(Moments(file)).ToList();
        Assert.Contains(tensors, tensor => tensor.dim() == 4);
        Assert.All(tensors, tensor => Assert.True(tensor.is_contiguous()));
    }

    [Fact]
    public void Switches_hold_for_the_run_and_end_with_it_also_when_it_fails()
    {
        var before = (BackendSwitches.IsDeterministic, BackendSwitches.IsBenchmark, backends.cuda.matmul.allow_tf32);
        var model = new SeesSwitches();

        Assert.Throws<InvalidTimeZoneException>(() => new Trainer(Quiet.Options with { Deterministic = Determinism.Warn, AllowTf32 = true }).Fit(model, ToyData.Batches(8, 4)));

        Assert.Equal((true, false, true), model.Seen);
        Assert.Equal(before, (BackendSwitches.IsDeterministic, BackendSwitches.IsBenchmark, backends.cuda.matmul.allow_tf32));
    }

    [Fact]
    public void The_memory_policy_is_named_among_the_engines_and_ends_with_the_run()
    {
        var on = new Trainer(Quiet.Options with { MemoryPolicy = EngineMode.On });
        var off = new Trainer(Quiet.Options with { MemoryPolicy = EngineMode.Off });

        on.Fit(new TinyModel(), ToyData.Batches(4, 4));
        off.Fit(new TinyModel(), ToyData.Batches(4, 4));

        Assert.Contains(on.Engines, text => text.StartsWith("memory: ", StringComparison.Ordinal));
        Assert.DoesNotContain(off.Engines, text => text.StartsWith("memory: ", StringComparison.Ordinal));
        Assert.Equal(0, MemoryPolicy.Active);
    }

    [Fact]
    public void Benchmark_gives_way_to_deterministic_kernels()
        => Assert.False(new Trainer(Quiet.Options with { Benchmark = true, Deterministic = Determinism.On, SilencedMessages = new HashSet<MessageId> { MessageId.Degraded } }).Options.Benchmark);

    private static IEnumerable<Tensor> Moments(LoadedCheckpoint file)
        => ((IEnumerable<object?>)file["optimizer_states"]!).Cast<IReadOnlyDictionary<string, object?>>() // training checkpoints have it
            .SelectMany(state => Values(state["state"])).OfType<Tensor>();

    private static IEnumerable<object?> Values(object? value) => value switch
    {
        System.Collections.IDictionary map => map.Values.Cast<object?>().SelectMany(Values),
        _ => [value],
    };

    private sealed class SeesTypes : TinyModel
    {
        public HashSet<ScalarType> Outputs { get; } = [];

        public override Tensor forward(Tensor x)
        {
            var output = base.forward(x);
            Outputs.Add(output.dtype);
            return output;
        }
    }

    /// <summary>float32 with a loss scale, which otherwise needs a GPU.</summary>
    private sealed class Scaled(GradientScaler? scaler = null) : Precision
    {
        public override string Name => "scaled";

        public override long SkippedSteps => scaler?.SkippedSteps ?? 0;

        public override Precision ForDevice(Device device, out string? warning)
        {
            warning = null;
            return new Scaled(new GradientScaler(device, 1024));
        }

        public override Tensor ScaleLoss(Tensor loss) => scaler!.ScaleLoss(loss); // made by ForDevice

        public override void Unscale(optim.Optimizer optimizer) => scaler!.Unscale(optimizer);

        public override bool Step(optim.Optimizer optimizer) => scaler!.Step(optimizer);

        public override IReadOnlyDictionary<string, object?> StateDict() => scaler?.StateDict() ?? base.StateDict();

        public override void LoadStateDict(IReadOnlyDictionary<string, object?> state) => scaler?.LoadStateDict(state);
    }

    private sealed class Overflows : TinyModel
    {
        public List<float> Weights { get; } = [];

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = Loss(batch);
            return batchIndex == 1 ? loss * float.PositiveInfinity : loss;
        }

        public override void OnTrainBatchEnd(Tensor? loss, (Tensor X, Tensor Y) batch, int batchIndex) => Weights.Add(Layer.weight![0, 0].item<float>()); // the layer has weights
    }

    private sealed class SavesAt(long step, string path) : Callback
    {
        public override void OnTrainBatchEnd(TrainBatchEndContext context)
        {
            if (context.Trainer.GlobalStep == step) context.Trainer.SaveCheckpoint(path);
        }
    }

    private sealed class SeesNorms : Callback
    {
        public List<double> Norms { get; } = [];

        public override void OnBeforeOptimizerStep(OptimizerContext context)
            => Norms.Add(context.Module.Module.parameters().Sum(parameter => parameter.grad!.pow(2).sum().item<float>())); // after backward
    }

    private sealed class TinyWith(string kind) : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers() => kind switch
        {
            "adam" => optim.Adam(parameters(), 0.01),
            "adamw" => optim.AdamW(parameters(), 0.01, weight_decay: 0.1),
            "sgd" => optim.SGD(parameters(), 0.01, momentum: 0.9),
            "rmsprop" => optim.RMSProp(parameters(), 0.01),
            "opposite" => optim.SGD(parameters(), 0.01, weight_decay: 0.1, maximize: true),
            _ => optim.Adagrad(parameters(), 0.01),
        };
    }

    private sealed class ManualTiny : TinyModel
    {
        public ManualTiny() => AutomaticOptimization = false;

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var optimizer = Trainer.Optimizers[0];
            optimizer.ZeroGrad();
            ManualBackward(Loss(batch));
            optimizer.Step();
            return null;
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters().ToArray(), 0.01);
    }

    private sealed class Scheduled : TinyModel
    {
        public override OptimizerSetup ConfigureOptimizers()
        {
            var adam = optim.Adam(parameters().ToArray(), 0.1);
            return (adam, new StepLR(adam, 1, 0.5));
        }
    }

    private sealed class KeepsOptimizer : TinyModel
    {
        private optim.Optimizer? _kept;

        public override OptimizerSetup ConfigureOptimizers() => _kept ??= optim.Adam(parameters().ToArray(), 0.01);
    }

    private sealed class SeesSwitches : TinyModel
    {
        public (bool?, bool?, bool) Seen { get; private set; }

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            Seen = (BackendSwitches.IsDeterministic, BackendSwitches.IsBenchmark, backends.cuda.matmul.allow_tf32);
            throw new InvalidTimeZoneException();
        }
    }

    /// <summary>Models whose inputs have three, four or five dimensions and are no images.</summary>
    private sealed class Odd(string kind) : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Conv3d volume = Conv3d(2, 3, 2);
        private readonly LSTM recurrent = LSTM(4, 3, batchFirst: true);
        private readonly Conv1d sequence = Conv1d(2, 3, 2);
        private readonly Linear head = Linear(3, 2);

        public List<float> Losses { get; } = [];

        public static List<float> Train(string kind, TrainerOptions options)
        {
            manual_seed(5);
            long[] shape = kind switch { "three dimensions" => [4, 2, 3, 3, 3], "recurrent" => [4, 5, 4], _ => [4, 2, 6] };
            var batches = Enumerable.Range(0, 4).Select(_ => (randn(shape), randint(2, [4], dtype: int64))).ToList();
            var model = new Odd(kind);
            new Trainer(options).Fit(model, batches);
            return model.Losses;
        }

        public override Tensor forward(Tensor x) => head.call(kind switch
        {
            "three dimensions" => volume.call(x).flatten(2).mean([2]),
            "recurrent" => recurrent.call(x).Item1.mean([1]),
            _ => sequence.call(x).mean([2]),
        });

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = functional.cross_entropy(call(batch.X), batch.Y);
            Losses.Add(loss.ToSingle());
            return loss;
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters(), 0.01);
    }

    /// <summary>A small convolutional model with dropout and batch normalisation over random images.</summary>
    private sealed class Images(Module<Tensor, Tensor> net, bool views = false, int viewsFrom = int.MaxValue) : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Module<Tensor, Tensor> _net = net;

        public List<float> Losses { get; } = [];

        public bool SawChannelsLast { get; private set; }

        public static List<(Tensor X, Tensor Y)> Batches(int count)
        {
            manual_seed(3);
            return [.. Enumerable.Range(0, count).Select(_ => (randn(6, 1, 8, 8), randint(3, [6], dtype: int64)))];
        }

        public static (List<float> Losses, Images Model, Trainer Trainer) Train(TrainerOptions options, bool views = false, string? resume = null, double dropout = 0, int viewsFrom = int.MaxValue)
        {
            var batches = Batches(6);
            manual_seed(11);
            var model = new Images(Sequential(Conv2d(1, 8, 3, padding: 1), BatchNorm2d(8), ReLU(), MaxPool2d(2), Conv2d(8, 4, 3, padding: 1), dropout > 0 ? Dropout(dropout) : ReLU()), views, viewsFrom);
            model._head = Linear(4 * 16, 3);
            var trainer = new Trainer(options);
            trainer.Fit(model, batches, resume: resume is null ? null : Resume.From(resume));
            return (model.Losses, model, trainer);
        }

        private Module<Tensor, Tensor>? _head;

        public override Tensor forward(Tensor x)
        {
            var maps = _net.call(x);
            SawChannelsLast |= maps.dim() == 4 && !maps.is_contiguous();
            if (_head is null) return maps;
            return _head.call(views || Losses.Count >= viewsFrom ? maps.view(maps.size(0), -1) : maps.flatten(1));
        }

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = functional.cross_entropy(call(batch.X.to_type(_net.parameters().First().dtype)), batch.Y);
            Losses.Add(loss.ToSingle());
            return loss;
        }

        public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters(), 0.01);
    }
}
