namespace LightningSharp.Data.Transforms;

/// <summary>Random numbers of other distributions than the uniform one.</summary>
internal static class Distributions
{
    /// <summary>Beta(alpha, alpha) as a ratio of gamma variates.</summary>
    public static double Beta(Random random, double alpha)
    {
        double a = Gamma(random, alpha), b = Gamma(random, alpha);
        return a + b > 0 ? a / (a + b) : 0.5;   // both can underflow for a tiny alpha
    }

    /// <summary>Gamma(shape, 1); Marsaglia and Tsang: A Simple Method for Generating Gamma Variables, 2000.</summary>
    private static double Gamma(Random random, double shape)
    {
        if (shape < 1)
            return Gamma(random, shape + 1) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        double d = shape - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(random), v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
                return d * v;
        }
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
