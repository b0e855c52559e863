using LightningSharp.Callbacks;
using LightningSharp.Checkpointing;
using LightningSharp.Optimization;
using LightningSharp.Tests.Checkpointing;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Interop;

/// <summary>Our files through Python's torch and back, where python3-torch is installed (Debian: apt-get install python3-torch).</summary>
public partial class InteropTests
{
    [Fact]
    public void Python_loads_our_weights_strictly_and_weights_only_and_we_load_its_file()
    {
        using var folder = new TestFolder();
        using var module = Module();
        CheckpointFile.Write(folder["ours.pt"], module.state_dict());

        Run("weights", folder["ours.pt"], folder["theirs.pt"]);

        using var theirs = CheckpointFile.Read(folder["theirs.pt"]);
        using var again = Module();
        StateDictLoader.Load(again, theirs.StateDict());
        Assert.Equal(PlainValues.Text(module.state_dict()), PlainValues.Text(again.state_dict()));
    }

    [Fact]
    public void Every_kind_of_value_goes_to_Python_and_comes_back_equal()
    {
        using var folder = new TestFolder();
        using var scope = NewDisposeScope();
        var types = (ScalarType[])[ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool, ScalarType.ComplexFloat32, ScalarType.ComplexFloat64];
        var @base = arange(0, 12, ScalarType.Float32);
        var tensors = types.ToDictionary(type => TensorType.Of(type)!.Name, type => arange(0, 6, ScalarType.Float32).sub(2.5).reshape(2, 3).to_type(type));
        foreach (var (name, tensor) in new[] { ("base", @base), ("view", @base.narrow(0, 4, 4)), ("t", @base.reshape(3, 4).t()), ("empty", zeros(0, 7)), ("expanded", @base.narrow(0, 3, 1).expand(5)) }) tensors[$"float32.{name}"] = tensor;
        CheckpointFile.Write(folder["ours.ckpt"], new OrderedDictionary<string, object?>
        {
            ["epoch"] = 1, ["global_step"] = 10, ["pytorch-lightning_version"] = "2.2.5", ["state_dict"] = new Dictionary<string, Tensor> { ["w"] = ones(2) },
            ["flag"] = true, ["none"] = null, ["big"] = 1L << 40, ["negative"] = long.MinValue, ["unsigned"] = ulong.MaxValue, ["lr"] = 0.1, ["zero"] = 0, ["nan"] = double.NaN,
            ["text"] = "naïve ✓ \U0001f680", ["bytes"] = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray(), ["betas"] = (0.9, 0.999), ["long list"] = Enumerable.Range(0, 2500).ToList(),
            ["optimizer_states"] = new List<object?> { new Dictionary<string, object?> { ["state"] = new Dictionary<int, object?> { [0] = new Dictionary<string, object?> { ["step"] = tensor(3f) } } } },
            ["tensors"] = tensors,
        });

        Run("full", folder["ours.ckpt"], folder["theirs.ckpt"]);

        using var ours = CheckpointFile.Read(folder["ours.ckpt"]);
        using var theirs = CheckpointFile.Read(folder["theirs.ckpt"]);
        Assert.Equal(PlainValues.Text(ours), PlainValues.Text(theirs));
        Assert.Equal([1, 4], ((Tensor)((OrderedDictionary<string, object?>)theirs["tensors"]!)["float32.t"]!).stride());
    }

    [Fact]
    public void Python_goes_on_with_an_optimizer_state_that_we_wrote()
    {
        using var folder = new TestFolder();
        using var scope = NewDisposeScope();
        using var module = Module();
        var parameters = module.parameters().ToArray();
        var state = new OrderedDictionary<long, object?>();
        for (var i = 0; i < parameters.Length; i++) state[i] = new Dictionary<string, object?> { ["step"] = tensor(5f), ["exp_avg"] = full_like(parameters[i], 0.1), ["exp_avg_sq"] = full_like(parameters[i], 0.01) };
        var group = new Dictionary<string, object?> { ["lr"] = 0.01, ["betas"] = (0.8, 0.99), ["eps"] = 1e-8, ["weight_decay"] = 0, ["amsgrad"] = false, ["maximize"] = false, ["foreach"] = null, ["capturable"] = false, ["differentiable"] = false, ["fused"] = false, ["params"] = Enumerable.Range(0, parameters.Length).ToArray() };
        CheckpointFile.Write(folder["ours.ckpt"], new Dictionary<string, object?> { ["state_dict"] = module.state_dict(), ["optimizer_states"] = new List<object?> { new Dictionary<string, object?> { ["state"] = state, ["param_groups"] = new List<object?> { group } } } });

        Run("train", folder["ours.ckpt"], folder["theirs.ckpt"]);

        using var theirs = CheckpointFile.Read(folder["theirs.ckpt"]);
        var optimizer = (OrderedDictionary<string, object?>)((List<object?>)theirs["optimizer_states"]!)[0]!;
        var first = (OrderedDictionary<string, object?>)((OrderedDictionary<long, object?>)optimizer["state"]!)[0]!;
        Assert.Equal(6f, ((Tensor)first["step"]!).item<float>());
        Assert.False(allclose(theirs.StateDict()["fc.weight"], parameters[0]));
    }

    [Fact]
    public void A_file_of_the_Trainer_has_the_keys_and_types_that_Lightning_reads()
    {
        using var folder = new TestFolder();
        var saving = new ModelCheckpoint { Monitor = "val_loss", SaveTopK = -1, Filename = "ours-{epoch}", AutoInsertMetricName = false, DirPath = folder.Path };
        new Trainer(Quiet.Options with { EnableCheckpointing = true, MaxEpochs = 2, NumSanityValSteps = 0, Callbacks = [new EarlyStopping("val_loss") { Patience = 3 }, saving] })
            .Fit(new Noted(0.01, "café"), new Numbers(12));

        PythonTorch.Run("roundtrip.py", "trainer", folder["ours-1.ckpt"], folder["theirs.ckpt"]);

        using var ours = CheckpointFile.Read(folder["ours-1.ckpt"]);
        using var theirs = CheckpointFile.Read(folder["theirs.ckpt"]);
        Assert.Equal(PlainValues.Text(ours), PlainValues.Text(theirs));
    }

    private static nn.Module<Tensor, Tensor> Module()
    {
        var module = nn.Sequential(("fc", nn.Linear(3, 2)), ("norm", nn.BatchNorm1d(2)));
        return module;
    }

    private static void Run(string mode, string source, string target) => PythonTorch.Run("roundtrip.py", mode, source, target);

    private sealed partial class Noted(double rate, string note) : TinyModel
    {
        public string Note => note;

        public override OptimizerSetup ConfigureOptimizers()
        {
            var adam = optim.Adam(parameters().ToArray(), rate);
            return (adam, new StepLR(adam, 1, gamma: 0.5));
        }
    }

    private sealed partial class Numbers(int rows) : DataModule<(Tensor X, Tensor Y)>, IStateful
    {
        public override IEnumerable<(Tensor X, Tensor Y)> TrainDataLoader() => ToyData.Batches(rows, 4);

        public override IEnumerable<(Tensor X, Tensor Y)> ValidationDataLoader() => ToyData.Batches(4, 4, 100);

        public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?> { ["seen"] = 7L };

        public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
        {
        }
    }
}
