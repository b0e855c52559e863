using LightningSharp.Checkpointing;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests;

public partial class LightningModuleLoadTests
{
    [Fact]
    public void A_partial_module_keeps_all_of_its_arguments_also_those_that_no_member_uses()
    {
        using var model = new Wide(6, depth: 2, name: "a", sizes: [3, 5], secret: "key");

        Assert.Equal(["width", "depth", "name", "sizes", "mode"], model.HyperParameters.Keys);
        Assert.Equal(6L, model.HyperParameters["width"]);
        Assert.Equal([3L, 5L], Assert.IsAssignableFrom<IReadOnlyList<object?>>(model.HyperParameters["sizes"]));
        Assert.Equal("Tanh", model.HyperParameters["mode"]);
    }

    [Fact]
    public void A_module_is_built_from_its_checkpoint_with_its_arguments_and_weights()
    {
        using var folder = new TempFolder();
        using var model = new Wide(6, depth: 2, name: "b", sizes: [1, 2], mode: Activation.Relu);
        var path = Save(folder, model);

        using var loaded = LightningModule.Load<Wide>(path);
        using var changed = LightningModule.Load<Wide>(path, new Dictionary<string, object?> { ["name"] = "c" });

        Assert.Equal(model.HyperParameters, loaded.HyperParameters);
        Assert.True(loaded.state_dict()["layer.weight"].equal(model.state_dict()["layer.weight"]).all().item<bool>());
        Assert.Equal("c", changed.HyperParameters["name"]);
    }

    [Fact]
    public void An_argument_that_is_not_in_the_file_is_named()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "other.ckpt");
        using var model = new Wide(6);
        CheckpointFile.Write(path, new Dictionary<string, object?> { ["state_dict"] = model.state_dict(), ["hyper_parameters"] = new Dictionary<string, object?> { ["depth"] = 2L } });

        var error = Assert.Throws<CheckpointException>(() => LightningModule.Load<Wide>(path));
        var unknown = Assert.Throws<CheckpointException>(() => LightningModule.Load<Wide>(path, new Dictionary<string, object?> { ["width"] = 6, ["colour"] = 1 }));
        using var given = LightningModule.Load<Wide>(path, new Dictionary<string, object?> { ["width"] = 6 });

        Assert.Contains("'width'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'colour'", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(2L, given.HyperParameters["depth"]);
    }

    [Fact]
    public void Weights_of_another_shape_load_not_at_all()
    {
        using var folder = new TempFolder();
        using var model = new Wide(6);
        var path = Save(folder, model);

        var error = Assert.Throws<CheckpointException>(() => LightningModule.Load<Wide>(path, new Dictionary<string, object?> { ["width"] = 7 }));

        Assert.Contains("layer.weight", error.Message, StringComparison.Ordinal);
    }

    private static string Save(TempFolder folder, Wide model)
    {
        var path = Path.Combine(folder.Path, "model.ckpt");
        var trainer = new Trainer(Quiet.Options);
        trainer.Fit(model, ToyData.Batches(8, 4));
        trainer.SaveCheckpoint(path);
        return path;
    }

    private enum Activation
    {
        Tanh,
        Relu,
    }

    private sealed partial class Wide(
        int width, int depth = 1, string? name = null, int[]? sizes = null, Activation mode = Activation.Tanh, [HyperParameterIgnore] string? secret = null, Tensor? start = null)
        : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Module<Tensor, Tensor> layer = Linear(4, width);
        private readonly Module<Tensor, Tensor> last = Linear(width, 2);

        public bool HasSecret => secret is not null || start is not null;

        public override Tensor forward(Tensor x) => last.call(layer.call(x));

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => functional.mse_loss(call(batch.X), batch.Y);

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 0.1);
    }
}
