namespace LightningSharp.Data.Reading;

/// <summary>The host buffers of one enumeration, used again and again: a steady loader allocates nothing, and so causes no collections during steps.</summary>
internal sealed class BufferPool(int capacity)
{
    private readonly List<byte[]> _free = [];
    private readonly Lock _lock = new();

    public byte[] Rent(int bytes)
    {
        lock (_lock)
        {
            for (int i = _free.Count - 1; i >= 0; i--)
            {
                byte[] buffer = _free[i];
                if (buffer.Length < bytes || buffer.Length / 4 > bytes)
                    continue;   // made for another column
                _free[i] = _free[^1];
                _free.RemoveAt(_free.Count - 1);
                return buffer;
            }
        }

        return GC.AllocateUninitializedArray<byte>(bytes);
    }

    public void Return(byte[] buffer)
    {
        lock (_lock)
        {
            if (_free.Count == capacity)
                _free.RemoveAt(0);   // batches of other sizes: the oldest is the least likely to fit again
            _free.Add(buffer);
        }
    }
}
