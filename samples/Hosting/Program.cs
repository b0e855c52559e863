// A training as a service. Settings come from appsettings.json, the environment (Training__MaxEpochs=5) and the command line (--Training:MaxEpochs=5).
// Ctrl+C, systemd and Kubernetes stop it in order; started again, it goes on where it left off. The exit code says how it ended.
using LightningSharp;
using LightningSharp.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddTraining<LineTraining>(options => options.Trainer = (_, trainer) => trainer with { EnableProgressBar = false, EnableModelSummary = false });
builder.Build().Run();

sealed class LineTraining(ILogger<LineTraining> log) : ITraining
{
    public FitResult Fit(HostedRun run)
    {
        var x = linspace(-1, 1, 256).reshape(-1, 1);
        var result = run.Trainer.Fit(new Line(log), x, x.mul(3), resume: run.Resume, cancellation: run.Cancellation);
        log.LogInformation("After step {Step}: loss {Loss}", result.Progress.GlobalStep, result.Metrics.GetValueOrDefault("loss"));
        return result;
    }
}

sealed class Line(ILogger log) : LightningModule<(Tensor X, Tensor Y)>
{
    private readonly Module<Tensor, Tensor> layer = Linear(1, 1);

    public override Tensor forward(Tensor x) => layer.call(x);

    public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        var loss = functional.mse_loss(call(batch.X), batch.Y);
        Log("loss", loss);
        return loss;
    }

    public override void OnTrainEpochEnd() => log.LogInformation("Epoch {Epoch} is done", CurrentEpoch);

    public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters(), 0.01);
}
