namespace LightningSharp.Data.Sampling;

internal sealed class RandomSampler(int count) : ISampler
{
    public int Count => count;

    public void Fill(long seed, int epoch, int start, Span<int> indices)
    {
        var order = new Permutation(count, seed, epoch);
        for (int i = 0; i < indices.Length; i++)
            indices[i] = order[start + i];
    }
}
