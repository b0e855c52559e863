namespace LightningSharp.Data.Reading;

/// <summary>What one reading thread carries from batch to batch.</summary>
internal sealed class ReadContext(int worker, long seed, int epoch, BufferPool pool)
{
    private int[] _indices = [];
    private volatile int _item = -1;
    private volatile int _batch = -1;
    private volatile bool _stopped;

    public int Worker => worker;

    public long Seed => seed;

    public int Epoch => epoch;

    public BufferPool Pool => pool;

    public SampleRandom Random { get; } = new();

    public ref int[] Indices => ref _indices;

    /// <summary>The item that is being read, for the message of a time-out; -1: none.</summary>
    public int Item { get => _item; set => _item = value; }

    /// <summary>The batch that is being read; -1: none.</summary>
    public int Batch { get => _batch; set => _batch = value; }

    /// <summary>Set when nobody wants the batch any more; looked at between items.</summary>
    public bool Stopped { get => _stopped; set => _stopped = value; }

    public string Where => worker < 0 ? "" : $" (worker {worker})";
}
