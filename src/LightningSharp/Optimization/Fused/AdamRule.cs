using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// Adam (Kingma and Ba, 2015) and, decoupled, AdamW (Loshchilov and Hutter, 2019) with ordinary operations: what the fused kernel computes,
/// for parameters that it does not take.
/// </summary>
internal static class AdamRule
{
    public static void Update(Tensor parameter, Tensor gradient, ReadOnlySpan<Tensor?> state, long step, bool decoupled, in AdamSettings settings)
    {
        var (average, square) = (state[0]!, state[1]!); // not null: made before the first update
        if (settings.Maximize) gradient = gradient.neg();
        if (settings.WeightDecay != 0 && decoupled)
        {
            using Scalar shrink = 1 - (settings.LearningRate * settings.WeightDecay);
            parameter.mul_(shrink);
        }
        else if (settings.WeightDecay != 0)
        {
            using Scalar decay = settings.WeightDecay;
            gradient = gradient.add(parameter, alpha: decay);
        }

        using Scalar beta1 = settings.Beta1, rest1 = 1 - settings.Beta1, beta2 = settings.Beta2, rest2 = 1 - settings.Beta2;
        average.mul_(beta1).add_(gradient, alpha: rest1);
        square.mul_(beta2).addcmul_(gradient, gradient, value: rest2);
        var second = square;
        if (settings.Amsgrad)
        {
            second = state[2]!; // not null: made with the others when amsgrad is on
            second.copy_(maximum(second, square));
        }

        using Scalar root = Math.Sqrt(1 - Math.Pow(settings.Beta2, step)), epsilon = settings.Epsilon;
        using Scalar size = -settings.LearningRate / (1 - Math.Pow(settings.Beta1, step));
        var denominator = second.sqrt().div_(root).add_(epsilon);
        parameter.addcdiv_(average, denominator, value: size);
    }
}
