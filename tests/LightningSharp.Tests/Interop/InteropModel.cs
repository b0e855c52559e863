using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests.Interop;

/// <summary>The network of tests/interop/train.py with one of its optimizers and one of its schedules, set up as there.</summary>
internal sealed class InteropModel(string optimizer, string schedule) : LightningModule<(Tensor X, Tensor Y)>
{
    public static readonly string[] OptimizerNames = ["sgd", "momentum", "nesterov", "adam", "amsgrad", "adamw", "rmsprop", "centered", "adagrad"];
    public static readonly string[] ScheduleNames = ["none", "step", "multistep", "exponential", "cosine", "plateau", "onecycle"];

    private readonly Module<Tensor, Tensor> first = Linear(4, 8);
    private readonly Module<Tensor, Tensor> second = Linear(8, 2);

    public List<double> Losses { get; } = [];

    public override Tensor forward(Tensor x) => second.call(first.call(x).tanh());

    public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        var loss = functional.mse_loss(call(batch.X), batch.Y);
        Losses.Add(loss.ToDouble());
        return loss;
    }

    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("val_loss", functional.mse_loss(call(batch.X), batch.Y));

    public override OptimizerSetup ConfigureOptimizers()
    {
        var made = MakeOptimizer([.. parameters()]);
        return MakeSchedule(made) is { } setup ? (made, setup) : made;
    }

    private optim.Optimizer MakeOptimizer(TorchSharp.Modules.Parameter[] weights) => optimizer switch
    {
        "sgd" => optim.SGD(weights, 0.05, weight_decay: 0.01),
        "momentum" => optim.SGD(weights, 0.05, momentum: 0.9, dampening: 0.1),
        "nesterov" => optim.SGD(weights, 0.05, momentum: 0.9, weight_decay: 0.01, nesterov: true),
        "adam" => optim.Adam(weights, 0.02, beta1: 0.8, beta2: 0.99, weight_decay: 0.01),
        "amsgrad" => optim.Adam(weights, 0.02, amsgrad: true),
        "adamw" => optim.AdamW(weights, 0.02, weight_decay: 0.1),
        "rmsprop" => optim.RMSProp(weights, 0.005, alpha: 0.95),
        "centered" => optim.RMSProp(weights, 0.005, alpha: 0.95, momentum: 0.5, centered: true),
        "adagrad" => optim.Adagrad(weights, 0.05, lr_decay: 0.01, initial_accumulator_value: 0.1),
        _ => throw new ArgumentException($"unknown optimizer {optimizer}"),
    };

    private SchedulerSetup? MakeSchedule(optim.Optimizer made) => schedule switch
    {
        "none" => null,
        "step" => new(new StepLR(made, 2, gamma: 0.5)),
        "multistep" => new(new MultiStepLR(made, [1, 3, 3], gamma: 0.5)),
        "exponential" => new(new ExponentialLR(made, 0.97)) { Interval = SchedulerInterval.Step },
        "cosine" => new(new CosineAnnealingLR(made, 4, etaMin: 0.001)),
        "plateau" => new(new ReduceLROnPlateau(made, factor: 0.5, patience: 0, threshold: 0.2)) { Monitor = "val_loss" },
        "onecycle" => new(new OneCycleLR(made, 0.05, totalSteps: 20, cycleMomentum: false)) { Interval = SchedulerInterval.Step },
        _ => throw new ArgumentException($"unknown schedule {schedule}"),
    };
}
