namespace LightningSharp.Data.Sampling;

internal sealed class RandomSampler(int count) : ISampler
{
    public int Count => count;

    public void Fill(long seed, int epoch, int start, Span<int> indices) => new Permutation(count, seed, epoch).Fill(start, indices);
}
