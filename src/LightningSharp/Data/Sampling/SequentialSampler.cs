namespace LightningSharp.Data.Sampling;

internal sealed class SequentialSampler(int count) : ISampler
{
    public int Count => count;

    public void Fill(long seed, int epoch, int start, Span<int> indices)
    {
        for (int i = 0; i < indices.Length; i++)
            indices[i] = start + i;
    }
}
