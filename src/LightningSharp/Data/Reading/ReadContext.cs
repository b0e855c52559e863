namespace LightningSharp.Data.Reading;

/// <summary>What one reading thread carries from batch to batch.</summary>
internal sealed class ReadContext(int worker, long seed, int epoch, BufferPool pool)
{
    private int[] _indices = [];
    private long _item = -1;
    private volatile int _batch = -1;
    private volatile bool _stopped;
    private volatile bool _isWhole;

    public int Worker => worker;

    public long Seed => seed;

    public int Epoch => epoch;

    public BufferPool Pool => pool;

    public SampleRandom Random { get; } = new();

    public ref int[] Indices => ref _indices;

    /// <summary>The item that is being read, for the message of a time-out; -1: none.</summary>
    public long Item { get => Volatile.Read(ref _item); set => Volatile.Write(ref _item, value); }

    /// <summary>Whether <see cref="Item"/> is the first of a batch that is written as a whole.</summary>
    public bool IsWhole { get => _isWhole; set => _isWhole = value; }

    /// <summary>The batch that is being read; -1: none.</summary>
    public int Batch { get => _batch; set => _batch = value; }

    /// <summary>Set when nobody wants the batch any more; looked at between items.</summary>
    public bool Stopped { get => _stopped; set => _stopped = value; }

    /// <summary>What the thread is doing, for messages.</summary>
    public string Place => Item < 0 ? $"worker {worker} has begun it" : IsWhole ? $"worker {worker} fills the batch that begins with item {Item}" : $"worker {worker} is at item {Item}";

    public string Where => worker < 0 ? "" : $" (worker {worker})";
}
