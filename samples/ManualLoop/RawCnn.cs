using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

/// <summary>The seed's network as a plain TorchSharp module.</summary>
public sealed class RawCnn : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> conv1;
    private readonly Module<Tensor, Tensor> conv2;
    private readonly Module<Tensor, Tensor> fc;

    public RawCnn(int channels = 1, int classes = 10)
        : base("CNN")
    {
        conv1 = Block(channels, 64);
        conv2 = Block(64, 128);
        fc = Linear(128 * 7 * 7, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = conv1.call(x);
        x = conv2.call(x);
        x = x.view(x.shape[0], -1);
        return fc.call(x);
    }

    private static Module<Tensor, Tensor> Block(int inputs, int outputs)
        => Sequential(Conv2d(inputs, outputs, 3, padding: 1), ReLU(), MaxPool2d(2, stride: 2));
}
