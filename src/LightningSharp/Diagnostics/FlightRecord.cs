using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Text;

namespace LightningSharp.Diagnostics;

/// <summary>
/// A 4 KiB memory-mapped file in the run folder that says what the run is doing. Updates are plain stores; the kernel keeps them whatever kills the
/// process, and the next start reads what happened. (A power cut may lose it; checkpoints are there for that.)
/// </summary>
internal sealed unsafe class FlightRecord : IDisposable
{
    public const string FileName = "flight.bin";
    private const int Size = 4096, TextCapacity = 2048;
    private const long Magic = 0x31_54_48_47_4c_46_53_4c; // "LSFLGHT1"

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private Layout* _page;

    private FlightRecord(MemoryMappedFile file, MemoryMappedViewAccessor view)
    {
        (_file, _view) = (file, view);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _page = (Layout*)start;
    }

    /// <summary>What the run before this one left in the folder, or null.</summary>
    public FlightReport? Previous { get; private init; }

    /// <summary>Starts a record in <paramref name="folder"/>, which is created when it is missing.</summary>
    /// <exception cref="MisconfigurationException">Another living process writes into this run folder.</exception>
    public static FlightRecord Open(string folder)
    {
        Directory.CreateDirectory(folder);
        var previous = Read(folder);
        if (previous is { IsRunning: true } && previous.ProcessId != Environment.ProcessId)
        {
            throw new MisconfigurationException(
                $"The run folder '{folder}' is in use by process {previous.ProcessId} (epoch {previous.Epoch}, step {previous.Step}). "
                + "Two runs cannot share a folder: wait for the other one, end it, or choose another folder.");
        }

        var path = Path.Combine(folder, FileName);
        using (var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            // a page of a mapped file that has no room on the disk ends the process with SIGBUS; a write without room is an exception
            stream.Write(new byte[Size]);
            stream.SetLength(Size);
            stream.Flush(flushToDisk: true);
        }

        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var file = MemoryMappedFile.CreateFromFile(handle, null, Size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        var record = new FlightRecord(file, file.CreateViewAccessor(0, Size)) { Previous = previous };
        record.Begin();
        return record;
    }

    /// <summary>What a run left in <paramref name="folder"/>; null when there is no record or it is damaged.</summary>
    public static FlightReport? Read(string folder)
    {
        var bytes = new byte[Size];
        try
        {
            using var stream = new FileStream(Path.Combine(folder, FileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.ReadAtLeast(bytes, Size, throwOnEndOfStream: false) < Size) return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        fixed (byte* start = bytes)
        {
            var page = (Layout*)start;
            if (page->Magic != Magic || page->TextLength is < 0 or > TextCapacity || page->UpdatedAt is < 0 or > 3155378975999999999) return null;
            var checkpoint = page->TextLength == 0 ? null : Encoding.UTF8.GetString(page->Text, page->TextLength);
            return new(
                page->Complete != 0, page->Complete == 0 && IsAlive(page->ProcessId, page->ProcessStart), page->ProcessId, (RunPhase)page->Phase, page->Epoch,
                page->Step, page->Batch, page->Resident, page->MemoryUsed, page->MemoryLimit, new DateTimeOffset(page->UpdatedAt, TimeSpan.Zero), checkpoint);
        }
    }

    /// <summary>Says what comes next. Four stores; once per phase of every step is fine.</summary>
    public void Update(RunPhase phase, int epoch, long step, long batch)
    {
        if (_page is null) return;
        _page->Epoch = epoch;
        _page->Step = step;
        _page->Batch = batch;
        _page->Phase = (int)phase;
    }

    /// <summary>Says what comes next, within the same step.</summary>
    public void Update(RunPhase phase)
    {
        if (_page is not null) _page->Phase = (int)phase;
    }

    /// <summary>Notes the memory at the watch's last poll.</summary>
    public void Update(MemoryWatch memory)
    {
        if (_page is null) return;
        _page->Resident = memory.Resident;
        _page->MemoryUsed = memory.Used;
        _page->MemoryLimit = memory.Limits;
        _page->UpdatedAt = DateTimeOffset.UtcNow.Ticks;
    }

    /// <summary>Notes the last good checkpoint; call it after the file is safe. A path that is too long is left out.</summary>
    public void Saved(string checkpoint)
    {
        if (_page is null) return;
        _page->TextLength = 0; // a reader after a crash in mid-write finds no path rather than half of one
        if (Encoding.UTF8.TryGetBytes(checkpoint, new Span<byte>(_page->Text, TextCapacity), out var length)) Volatile.Write(ref _page->TextLength, length);
    }

    /// <summary>Says goodbye: the run ended in an orderly way, with success or with an exception.</summary>
    public void Dispose()
    {
        if (_page is null) return;
        Volatile.Write(ref _page->Complete, 1);
        _page = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private void Begin()
    {
        new Span<byte>(_page, Size).Clear();
        _page->ProcessId = Environment.ProcessId;
        using var self = Process.GetCurrentProcess();
        _page->ProcessStart = self.StartTime.Ticks;
        _page->UpdatedAt = DateTimeOffset.UtcNow.Ticks;
        _page->Phase = (int)RunPhase.Setup;
        Volatile.Write(ref _page->Magic, Magic);
    }

    // The start time tells a process from a later one that got the same number. Clock ticks of the kernel are 10 ms.
    private static bool IsAlive(int processId, long start)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited && Math.Abs(process.StartTime.Ticks - start) < 2 * TimeSpan.TicksPerSecond;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        public long Magic;
        public long ProcessStart;
        public int ProcessId;
        public int Complete;
        public int Phase;
        public int Epoch;
        public long Step;
        public long Batch;
        public long Resident;
        public long MemoryUsed;
        public long MemoryLimit;
        public long UpdatedAt;
        public int TextLength;
        public fixed byte Text[TextCapacity];
    }
}
