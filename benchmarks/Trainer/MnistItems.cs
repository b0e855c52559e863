using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Benchmarks;

/// <summary>MNIST as TorchSharp's torchvision keeps it: two tensors per item from the start, normalised item by item. That package is no dependency of this project.</summary>
internal sealed class MnistItems : utils.data.Dataset
{
    private readonly List<Tensor> _images = [], _labels = [];
    private readonly Tensor _mean = tensor(0.1307f), _deviation = tensor(0.3081f);

    public MnistItems(Mnist mnist)
    {
        for (var i = 0; i < mnist.Count; i++)
        {
            _images.Add(mnist.Images[i].unsqueeze(0).clone());
            _labels.Add(mnist.Labels[i].to_type(int64));
        }
    }

    public override long Count => _images.Count;

    public override Dictionary<string, Tensor> GetTensor(long index)
    {
        using var pixels = _images[(int)index].to_type(float32);
        using Scalar top = 255f;
        using var unit = pixels.div(top);
        using var centred = unit.sub(_mean);
        return new() { ["data"] = centred.div(_deviation), ["label"] = _labels[(int)index] };
    }
}
