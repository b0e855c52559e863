namespace LightningSharp.Tuning;

/// <summary>Where on a curve of losses over growing learning rates a good learning rate lies. Curves have at least two points.</summary>
internal static class LossCurve
{
    private const int SlideWindow = 15;
    private const double SlideThreshold = 0.005;

    /// <summary>The most negative slope over the logarithm: over the plain learning rate an exponential ramp would always favour its start.</summary>
    public static double Steepest(double[] rates, double[] losses)
    {
        var slopes = Slopes(Array.ConvertAll(rates, Math.Log), losses);
        return rates[Array.IndexOf(slopes, slopes.Min())];
    }

    /// <summary>The smallest loss, and one order of magnitude back.</summary>
    public static double MinimumTenth(double[] rates, double[] losses) => rates[Array.IndexOf(losses, losses.Min())] / 10;

    /// <summary>Half-way into the longest falling subsequence of losses: two thirds of it are too early or too late.</summary>
    public static double Valley(double[] rates, double[] losses)
    {
        var length = new int[losses.Length];
        var end = 0;
        for (var i = 0; i < losses.Length; i++)
        {
            length[i] = 1;
            for (var j = 0; j < i; j++)
            {
                if (losses[i] < losses[j] && length[j] >= length[i]) length[i] = length[j] + 1;
            }

            if (length[i] > length[end]) end = i;
        }

        var start = Math.Max(0, end - length[end]);
        var third = (end - start) / 3.0;
        return rates[start + (int)third + (int)(third / 2)];
    }

    /// <summary>A window that slides from the end to the left until the slopes at its two sides agree: the loss does not climb there yet.</summary>
    public static double Slide(double[] rates, double[] losses)
    {
        var slopes = Slopes([.. Enumerable.Range(0, losses.Length).Select(i => (double)i)], losses);
        var window = Math.Min(SlideWindow, losses.Length - 1);
        var left = losses.Length - 1 - window;
        var chosen = rates[left];
        for (; left >= 0 && Math.Abs(slopes[left + window] - slopes[left]) > SlideThreshold; left--) chosen = rates[left];
        return chosen;
    }

    /// <summary>Second-order differences in the interior, for any spacing; one-sided at the ends.</summary>
    public static double[] Slopes(double[] x, double[] y)
    {
        var n = y.Length;
        var slopes = new double[n];
        slopes[0] = (y[1] - y[0]) / (x[1] - x[0]);
        slopes[n - 1] = (y[n - 1] - y[n - 2]) / (x[n - 1] - x[n - 2]);
        for (var i = 1; i < n - 1; i++)
        {
            var (before, after) = (x[i] - x[i - 1], x[i + 1] - x[i]);
            slopes[i] = ((before * before * (y[i + 1] - y[i])) + (after * after * (y[i] - y[i - 1]))) / (before * after * (before + after));
        }

        return slopes;
    }
}
