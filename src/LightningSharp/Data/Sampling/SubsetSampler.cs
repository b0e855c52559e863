namespace LightningSharp.Data.Sampling;

internal sealed class SubsetSampler(int[] subset, bool shuffle) : ISampler
{
    public int Count => subset.Length;

    public void Fill(long seed, int epoch, int start, Span<int> indices)
    {
        if (!shuffle)
        {
            subset.AsSpan(start, indices.Length).CopyTo(indices);
            return;
        }

        new Permutation(subset.Length, seed, epoch).Fill(start, indices);
        foreach (ref int index in indices)
            index = subset[index];
    }
}
