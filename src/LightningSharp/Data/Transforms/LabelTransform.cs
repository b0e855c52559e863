using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

/// <summary>Mixes images [B, C, H, W] of a batch with one another and their labels with them: int64 [B] becomes float [B, classes], which <c>cross_entropy</c> takes.</summary>
public abstract class LabelTransform
{
    private readonly double _alpha;
    private readonly int _classes;

    private protected LabelTransform(int classes, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        if (!(alpha > 0) || !double.IsFinite(alpha))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "Expected a positive number.");
        (_classes, _alpha) = (classes, alpha);
    }

    /// <summary>The mixed batch; the given one stays as it is.</summary>
    /// <param name="images">[B, C, H, W], floating point.</param>
    /// <param name="labels">int64 [B], each below the number of classes.</param>
    /// <param name="key">What the random parameters depend on.</param>
    /// <exception cref="ArgumentException">A tensor has another shape or type.</exception>
    public (Tensor X, Tensor Y) Apply(Tensor images, Tensor labels, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        BatchTransform.CheckImages(images);
        if (!images.is_floating_point())
            throw new ArgumentException($"Images can only be mixed as floating-point numbers, received {images.dtype}. Normalise them first.", nameof(images));
        if (labels.dim() != 1 || labels.size(0) != images.size(0) || labels.dtype != ScalarType.Int64)
            throw new ArgumentException($"Expected int64 labels of shape [{images.size(0)}], received {labels.dtype} [{string.Join(", ", labels.shape)}].", nameof(labels));
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var random = key.Create(RandomKey.Salt(GetType()));
        var partner = Partners((int)images.size(0), random, images.device);
        double own = Distributions.Beta(random, _alpha);
        var mixed = Mix(images, images.index_select(0, partner), ref own, random);
        var hot = nn.functional.one_hot(labels, _classes).to(images.dtype);
        var weight = HostTensor.Of([(float)(1 - own)], images.device).to(images.dtype);
        return (mixed.MoveToOuterDisposeScope(), hot.lerp(hot.index_select(0, partner), weight).MoveToOuterDisposeScope());
    }

    /// <summary>Mixes; may correct <paramref name="own"/>, the share of the first images.</summary>
    internal abstract Tensor Mix(Tensor images, Tensor others, ref double own, Random random);

    private static Tensor Partners(int count, Random random, Device device)
    {
        var order = new long[count];
        for (int i = 0; i < count; i++)
            order[i] = i;
        random.Shuffle(order);
        return HostTensor.Of(order, device, count);
    }
}
