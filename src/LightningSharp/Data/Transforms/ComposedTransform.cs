using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

internal sealed class ComposedTransform(BatchTransform[] transforms) : BatchTransform
{
    internal override Tensor Change(Tensor images, RandomKey key, int salt)
    {
        for (int i = 0; i < transforms.Length; i++)
            images = transforms[i].Change(images, key, (salt * 31) + i);
        return images;
    }
}
