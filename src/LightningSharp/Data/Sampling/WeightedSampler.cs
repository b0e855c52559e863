namespace LightningSharp.Data.Sampling;

/// <summary>Draws in constant time by the alias method (Walker 1977, in the form of Vose 1991): every column holds one item and part of another.</summary>
internal sealed class WeightedSampler : ISampler
{
    private readonly double[] _keep;
    private readonly int[] _alias;

    public WeightedSampler(IReadOnlyList<double> weights, int count)
    {
        double sum = 0;
        for (int i = 0; i < weights.Count; i++)
        {
            if (!double.IsFinite(weights[i]) || weights[i] < 0)
                throw new ArgumentException($"Weight {i} is {weights[i]}. Expected a finite number that is not negative.", nameof(weights));
            sum += weights[i];
        }

        if (sum <= 0 || !double.IsFinite(sum))
            throw new ArgumentException($"The {weights.Count} weights sum to {sum}. Expected a positive, finite sum.", nameof(weights));
        (Count, _keep, _alias) = (count, new double[weights.Count], new int[weights.Count]);
        Build(weights, sum);
    }

    public int Count { get; }

    public void Fill(long seed, int epoch, int start, Span<int> indices)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            ulong bits = Mixer.Combine((ulong)seed, (ulong)epoch, (ulong)(start + i) ^ 0x3E16173D00000000);
            int column = (int)Math.BigMul(bits, (ulong)_keep.Length, out ulong rest);
            indices[i] = (rest >> 11) * (1.0 / (1UL << 53)) < _keep[column] ? column : _alias[column];
        }
    }

    private void Build(IReadOnlyList<double> weights, double sum)
    {
        var small = new Stack<int>();
        var large = new Stack<int>();
        for (int i = 0; i < _keep.Length; i++)
        {
            _keep[i] = weights[i] * _keep.Length / sum;
            _alias[i] = i;
            (_keep[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            int poor = small.Pop(), rich = large.Pop();
            _alias[poor] = rich;
            _keep[rich] -= 1 - _keep[poor];
            (_keep[rich] < 1 ? small : large).Push(rich);
        }

        foreach (int i in large.Concat(small.Where(i => weights[i] > 0)))
            _keep[i] = 1;   // what is left differs from 1 by rounding alone
    }
}
