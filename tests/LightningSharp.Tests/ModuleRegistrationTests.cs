using LightningSharp.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests;

public class ModuleRegistrationTests
{
    [Fact]
    public void Fields_of_a_primary_constructor_module_register_under_PyTorch_names()
    {
        using var model = new Fields(3);

        Assert.Equal(["conv1.0.weight", "conv1.0.bias", "fc.weight", "fc.bias"], model.state_dict().Keys);
    }

    [Fact]
    public void Auto_properties_and_captured_parameters_lose_the_compilers_names()
    {
        using var model = new Properties(Linear(2, 2));

        Assert.Equal(["Head.bias", "Head.weight", "backbone.bias", "backbone.weight"], model.state_dict().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Modules_assigned_in_the_constructors_body_are_found_when_the_Trainer_attaches()
    {
        var model = new BodyAssigned();

        new Trainer(Quiet.Options).Fit(model, ToyData.Batches(4, 4));

        Assert.Equal(["layer.weight", "layer.bias"], model.state_dict().Keys);
    }

    [Fact]
    public void A_plain_list_of_modules_is_refused_and_ModuleList_named()
    {
        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(new ListOfModules(), ToyData.Batches(4, 4)));

        Assert.Contains("layers", error.Message, StringComparison.Ordinal);
        Assert.Contains("ModuleList", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ModuleList_is_found()
    {
        using var model = new WithModuleList();

        Assert.Equal(["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"], model.state_dict().Keys);
    }

    [Fact]
    public void A_model_without_trainable_parameters_is_refused()
    {
        var model = new TinyModel();
        model.Freeze();

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options).Fit(model, ToyData.Batches(4, 4)));

        Assert.Contains("no trainable parameters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_a_step_keeps_in_a_field_does_not_become_a_buffer()
    {
        var model = new KeepsLoss();
        var trainer = new Trainer(Quiet.Options with { MaxEpochs = 1 });

        trainer.Fit(model, ToyData.Batches(4, 4));
        trainer.MaxEpochs = 2;
        trainer.Fit(model, ToyData.Batches(4, 4));

        Assert.DoesNotContain("_last", model.state_dict().Keys);
    }

    private sealed class Fields(int classes) : LightningModule<Tensor>
    {
        private readonly Module<Tensor, Tensor> conv1 = Sequential(Conv2d(1, 2, 3), ReLU());
        private readonly Module<Tensor, Tensor> fc = Linear(2, classes);

        public override Tensor forward(Tensor x) => fc.call(conv1.call(x).flatten(1));
    }

    private sealed class Properties(Module<Tensor, Tensor> backbone) : LightningModule<Tensor>
    {
        public Module<Tensor, Tensor> Head { get; } = Linear(2, 2);

        public override Tensor forward(Tensor x) => Head.call(backbone.call(x));
    }

    private sealed class BodyAssigned : LightningModule<(Tensor X, Tensor Y)>
    {
        private readonly Module<Tensor, Tensor> layer;

        public BodyAssigned() => layer = Linear(4, 2);

        public override Tensor forward(Tensor x) => layer.call(x);

        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => functional.mse_loss(call(batch.X), batch.Y);

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters(), 0.1);
    }

    private sealed class ListOfModules : TinyModelBase
    {
#pragma warning disable LS0301 // the mistake that the test is about
        private readonly List<Module<Tensor, Tensor>> layers = [Linear(4, 2)];
#pragma warning restore LS0301

        public override Tensor forward(Tensor x) => layers[0].call(x);
    }

    private sealed class WithModuleList : TinyModelBase
    {
        private readonly ModuleList<Module<Tensor, Tensor>> layers = new(Linear(4, 4), Linear(4, 2));

        public override Tensor forward(Tensor x) => layers[1].call(layers[0].call(x));
    }

    private abstract class TinyModelBase : LightningModule<(Tensor X, Tensor Y)>
    {
        public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => functional.mse_loss(call(batch.X), batch.Y);

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters(), 0.1);
    }

    private sealed class KeepsLoss : TinyModel
    {
        private Tensor? _last;

        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            var loss = Loss(batch);
            _last?.Dispose();
            _last = Keep(loss);
            return loss;
        }
    }
}
