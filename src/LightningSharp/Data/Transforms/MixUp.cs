using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

/// <summary>Adds each image, weighted, to another one of the batch (Zhang, Cisse, Dauphin, Lopez-Paz: mixup, 2017).</summary>
/// <param name="classes">Number of classes.</param>
/// <param name="alpha">The weight is drawn from Beta(alpha, alpha); 0.2 by default: mostly close to 0 or 1.</param>
public sealed class MixUp(int classes, double alpha = 0.2) : LabelTransform(classes, alpha)
{
    internal override Tensor Mix(Tensor images, Tensor others, ref double own, Random random) =>
        images.lerp(others, HostTensor.Of([(float)(1 - own)], images.device).to(images.dtype));
}
