using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Data.Transforms;

/// <summary>Turns each image about its centre by an angle between -degrees and +degrees, bilinearly; what comes from outside is zero.</summary>
public sealed class RandomRotation : BatchTransform
{
    private readonly double _degrees;

    /// <summary>Sets the range.</summary>
    /// <param name="degrees">Largest angle, from 0 to 180.</param>
    public RandomRotation(double degrees)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(degrees);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(degrees, 180);
        _degrees = degrees;
    }

    internal override Tensor Change(Tensor images, RandomKey key, int salt)
    {
        int count = (int)images.size(0);
        double aspect = (double)images.size(2) / images.size(3);
        var random = key.Create(salt);
        var matrices = new float[count * 6];
        for (int i = 0; i < count; i++)
        {
            double angle = _degrees * Math.PI / 180 * ((2 * random.NextDouble()) - 1);
            var row = matrices.AsSpan(i * 6, 6);
            // coordinates run from -1 to 1 in both directions, so the aspect ratio enters the off-diagonal elements
            row[0] = row[4] = (float)Math.Cos(angle);
            row[1] = (float)(-Math.Sin(angle) * aspect);
            row[3] = (float)(Math.Sin(angle) / aspect);
        }

        var values = images.is_floating_point() ? images : images.to(ScalarType.Float32);
        var theta = HostTensor.Of(matrices, images.device, count, 2, 3).to(values.dtype);
        var grid = nn.functional.affine_grid(theta, images.shape, align_corners: false);
        var turned = nn.functional.grid_sample(values, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, align_corners: false);
        return images.is_floating_point() ? turned : turned.round_().to(images.dtype);   // 254.9999 is 255
    }
}
