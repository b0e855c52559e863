namespace LightningSharp.Data.Sampling;

internal sealed class SubsetSampler(int[] subset, bool shuffle) : ISampler
{
    public int Count => subset.Length;

    public void Fill(long seed, int epoch, int start, Span<int> indices)
    {
        var order = new Permutation(subset.Length, seed, epoch);
        for (int i = 0; i < indices.Length; i++)
            indices[i] = subset[shuffle ? order[start + i] : start + i];
    }
}
