using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Conformance;

/// <summary>Layers with the cases' start values.</summary>
internal static class ToyWeights
{
    public static Linear Linear(int inputs, int outputs)
    {
        var layer = nn.Linear(inputs, outputs);
        using var noGrad = no_grad();
        var weight = new float[outputs * inputs];
        var bias = new float[outputs];
        for (var k = 0; k < outputs; k++)
        {
            bias[k] = (float)(0.01 * (k + 1));
            for (var j = 0; j < inputs; j++) weight[(k * inputs) + j] = (float)((0.1 * (k + 1)) - (0.05 * j));
        }

        layer.weight.copy_(tensor(weight, [outputs, inputs]));
        layer.bias!.copy_(tensor(bias, [outputs]));
        return layer;
    }
}
