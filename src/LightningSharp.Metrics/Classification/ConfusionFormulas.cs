using static TorchSharp.torch;

namespace LightningSharp.Metrics.Classification;

/// <summary>From confusion matrices (rows: truth, columns: prediction) to scores.</summary>
internal static class ConfusionFormulas
{
    internal static Tensor Normalized(Tensor matrix, Normalization normalization)
    {
        if (normalization == Normalization.None) return matrix;
        var cells = matrix.to(float32);
        var sums = normalization switch
        {
            Normalization.True => cells.sum(-1, keepdim: true),
            Normalization.Pred => cells.sum(-2, keepdim: true),
            _ => cells.sum([-2, -1], keepdim: true),
        };
        return Numbers.SafeDivide(cells, sums);
    }

    /// <summary>Matthews' coefficient in Gorodkin's form for any number of classes; the limit value where it is 0/0 (two classes), 0 for more.</summary>
    internal static Tensor Matthews(Tensor matrix)
    {
        var cells = matrix.to(float64);
        var device = matrix.device;
        var correct = cells.diagonal().sum();
        var all = cells.sum();
        var (truth, guess) = (cells.sum(-1), cells.sum(-2));
        var covariance = (correct * all) - (truth * guess).sum();
        var spread = ((all * all) - (guess * guess).sum()) * ((all * all) - (truth * truth).sum());
        if (matrix.numel() == 4 && TwoClassLimit(cells) is { } limit) return tensor(limit, float32, device);
        return spread.item<double>() == 0 ? zeros([], float32, device) : (covariance / spread.sqrt()).to(float32);
    }

    internal static Tensor Kappa(Tensor matrix, KappaWeights weights)
    {
        var cells = matrix.to(float64);
        var classes = cells.size(0);
        var expected = cells.sum(1, keepdim: true) * cells.sum(0, keepdim: true) / cells.sum();
        var index = Numbers.Range(classes, cells.device).to(float64);
        var distance = index.unsqueeze(0) - index.unsqueeze(1);
        var cost = weights switch
        {
            KappaWeights.None => distance.ne(Numbers.Zero).to(float64),
            KappaWeights.Linear => distance.abs(),
            _ => distance * distance,
        };
        return ((cost * cells).sum() / (cost * expected).sum()).OneMinus().to(float32);
    }

    /// <summary>±1 when everything is right or wrong; the limit of the formula when a row or column is empty; null otherwise.</summary>
    private static double? TwoClassLimit(Tensor cells)
    {
        var c = cells.flatten().cpu().data<double>().ToArray();
        var (tn, fp, fn, tp) = (c[0], c[1], c[2], c[3]);
        if (tp + tn != 0 && fp + fn == 0) return 1;
        if (tp + tn == 0 && fp + fn != 0) return -1;
        if ((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn) != 0) return null;
        const double small = 1.1920928955078125e-07; // the spacing of float32 at one: large enough to divide by, too small to matter
        var right = tp == 0 || tn == 0 ? tp + tn : 0;
        var wrong = fp == 0 || fn == 0 ? fp + fn : 0;
        var spread = (tp + fp + small) * (tp + fn + small) * (tn + fp + small) * (tn + fn + small);
        return Math.Sqrt(small) * (right - wrong) / Math.Sqrt(spread);
    }
}
