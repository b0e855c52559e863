namespace LightningSharp.Tests.Native;

/// <summary>Threads that produce garbage all the time, as data loaders do, so that collections hit the training thread in mid-call.</summary>
internal sealed class AllocatingThreads : IDisposable
{
    private readonly Thread[] _threads;
    private volatile bool _stop;
    private static object? _sink;

    public AllocatingThreads(int count)
    {
        _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(Allocate) { IsBackground = true })];
        foreach (var thread in _threads) thread.Start();
    }

    public void Dispose()
    {
        _stop = true;
        foreach (var thread in _threads) thread.Join();
    }

    private void Allocate()
    {
        for (var i = 0; !_stop; i++)
        {
            _sink = new byte[1000 + (i % 5000)];
            if (i % 5000 == 0) Thread.Sleep(1); // loaders wait for disks; without this the training thread hardly gets a core
        }
    }
}
