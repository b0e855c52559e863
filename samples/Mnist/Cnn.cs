using LightningSharp;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

sealed partial class Cnn(int channels = 1, int classes = 10) : LightningModule<(Tensor X, Tensor Y)>
{
    private readonly Module<Tensor, Tensor> conv1 = Block(channels, 64);
    private readonly Module<Tensor, Tensor> conv2 = Block(64, 128);
    private readonly Module<Tensor, Tensor> fc = Linear(128 * 7 * 7, classes);

    public override Tensor forward(Tensor x) => fc.call(conv2.call(conv1.call(x)).flatten(1));

    public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        var logits = call(batch.X);
        var loss = F.cross_entropy(logits, batch.Y);
        Log("loss", loss, onStep: true, onEpoch: true);
        Log("acc", Accuracy(logits, batch.Y), onStep: false, onEpoch: true);
        return loss;
    }

    public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex)
    {
        var logits = call(batch.X);
        Log("val_loss", F.cross_entropy(logits, batch.Y), progressBar: true);
        Log("val_acc", Accuracy(logits, batch.Y), progressBar: true);
    }

    public override OptimizerSetup ConfigureOptimizers() => optim.Adam(parameters(), lr: 1e-3);

    private static Tensor Accuracy(Tensor logits, Tensor labels) => logits.argmax(1).eq(labels).to_type(ScalarType.Float32).mean();

    private static Module<Tensor, Tensor> Block(int inputs, int outputs)
        => Sequential(Conv2d(inputs, outputs, 3, padding: 1), ReLU(), MaxPool2d(2, stride: 2));
}
