// A training whose steps, losses and spans go to OpenTelemetry. Replace AddConsoleExporter by AddOtlpExporter to send them to a collector.
using LightningSharp;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

using var meters = Sdk.CreateMeterProviderBuilder().AddMeter("LightningSharp").AddConsoleExporter().Build();
using var traces = Sdk.CreateTracerProviderBuilder().AddSource("LightningSharp").AddConsoleExporter().Build();

var x = linspace(-1, 1, 256).reshape(-1, 1);
var batches = Enumerable.Range(0, 8).Select(i => (x.narrow(0, i * 32, 32), x.narrow(0, i * 32, 32).mul(3))).ToList();

new Trainer(new() { MaxEpochs = 3, DefaultRootDir = Path.Combine(Path.GetTempPath(), "lightningsharp-telemetry"), EnableModelSummary = false })
    .Fit(new Line(), batches, batches);

sealed class Line : LightningModule<(Tensor X, Tensor Y)>
{
    private readonly Module<Tensor, Tensor> layer = Linear(1, 1);

    public override Tensor forward(Tensor x) => layer.call(x);

    public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => functional.mse_loss(call(batch.X), batch.Y);

    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex) => Log("val_loss", functional.mse_loss(call(batch.X), batch.Y));

    public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters(), 0.1);
}
