using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

/// <summary>
/// Changes a whole batch of images [B, C, H, W] with a few tensor operations, on whatever device it is: <c>OnAfterBatchTransfer</c> is the place for it.
/// Random parameters are drawn per image from the key alone.
/// </summary>
/// <example><code>
/// private readonly BatchTransform _augment = BatchTransform.Compose(new RandomCrop(32, padding: 4), new RandomFlip(), new Normalize([0.49, 0.48, 0.45], [0.25, 0.24, 0.26]));
/// </code></example>
public abstract class BatchTransform
{
    private protected static readonly Scalar One = 1.0f;

    /// <summary>The changed batch; the given one stays as it is.</summary>
    /// <param name="images">[B, C, H, W].</param>
    /// <param name="key">What the random parameters depend on.</param>
    /// <exception cref="ArgumentException">The tensor has not four dimensions.</exception>
    public Tensor Apply(Tensor images, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(images);
        CheckImages(images);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var result = Change(images, key, RandomKey.Salt(GetType()));
        return Leave(result, images);
    }

    /// <summary>Several transforms one after another.</summary>
    public static BatchTransform Compose(params BatchTransform[] transforms)
    {
        ArgumentNullException.ThrowIfNull(transforms);
        return new ComposedTransform(transforms);
    }

    /// <summary>Does the work inside a dispose scope, without gradients; may return <paramref name="images"/> itself.</summary>
    /// <param name="images">[B, C, H, W].</param>
    /// <param name="key">What random parameters depend on.</param>
    /// <param name="salt">Tells the transforms of one batch apart.</param>
    internal abstract Tensor Change(Tensor images, RandomKey key, int salt);

    /// <summary>Lets the result out of the scope in which it was made; the input itself is given back as a second reference, so that both can be freed.</summary>
    internal static Tensor Leave(Tensor result, Tensor images) => (ReferenceEquals(result, images) ? images.alias() : result).MoveToOuterDisposeScope();

    internal static void CheckImages(Tensor images)
    {
        if (images.dim() != 4)
            throw new ArgumentException($"Expected images of shape [B, C, H, W], received [{string.Join(", ", images.shape)}].", nameof(images));
    }

    private protected static double Probability(double value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1, name);
        return value;
    }
}
