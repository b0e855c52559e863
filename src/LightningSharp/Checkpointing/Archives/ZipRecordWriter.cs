using System.Buffers.Binary;
using System.Text;

namespace LightningSharp.Checkpointing.Archives;

/// <summary>
/// Writes stored records one after the other, each starting at a multiple of 64 bytes, without ever seeking back. The same records give the
/// same bytes: no dates, no system names. Sizes and CRC follow the data, as torch writes them.
/// </summary>
/// <param name="output">Where the zip goes, from its current position.</param>
/// <param name="zip64From">Sizes and offsets from here on are written in 64 bits; smaller only in tests.</param>
internal sealed class ZipRecordWriter(Stream output, long zip64From = uint.MaxValue)
{
    private const int Alignment = 64;
    private const ushort PaddingExtra = 0x4246; // 'FB', torch's own id for this padding
    private readonly List<ZipEntry> _entries = [];
    private long _position;
    private ZipEntry? _open;
    private long _written;
    private uint _crc;

    public void Begin(string name, long size)
    {
        _open = new ZipEntry(name, _position, size, 0, ZipLayout.WrittenFlags, 0);
        (_written, _crc) = (0, 0);
        var nameBytes = Encoding.UTF8.GetBytes(name);
        var zip64 = IsLarge(size);
        var extra = zip64 ? 20 : 0;
        var unpadded = _position + ZipLayout.LocalHeaderBytes + nameBytes.Length + extra + 4;
        var padding = (int)((Alignment - (unpadded % Alignment)) % Alignment);
        var header = new byte[ZipLayout.LocalHeaderBytes + nameBytes.Length + extra + 4 + padding];
        Put32(header, 0, ZipLayout.LocalHeader);
        Put16(header, 4, zip64 ? 45 : 20);
        Put16(header, 6, ZipLayout.WrittenFlags);
        if (zip64) (header.AsSpan(18, 8)).Fill(0xFF);
        Put16(header, 26, nameBytes.Length);
        Put16(header, 28, extra + 4 + padding);
        nameBytes.CopyTo(header, ZipLayout.LocalHeaderBytes);
        var at = ZipLayout.LocalHeaderBytes + nameBytes.Length;
        if (zip64)
        {
            Put16(header, at, ZipLayout.Zip64Extra);
            Put16(header, at + 2, 16);
            at += 20;
        }

        Put16(header, at, PaddingExtra);
        Put16(header, at + 2, padding);
        header.AsSpan(at + 4).Fill((byte)'Z');
        Emit(header);
    }

    public void Write(ReadOnlySpan<byte> data)
    {
        _crc = Crc32.Append(_crc, data);
        _written += data.Length;
        Emit(data);
    }

    public void End()
    {
        var entry = _open!; // not null: End follows Begin
        if (_written != entry.Size) throw new InvalidOperationException($"Record {entry.Name} was announced with {entry.Size:N0} bytes, but got {_written:N0}.");
        var large = IsLarge(entry.Size);
        Span<byte> descriptor = stackalloc byte[24];
        Put32(descriptor, 0, ZipLayout.Descriptor);
        Put32(descriptor, 4, _crc);
        if (large)
        {
            Put64(descriptor, 8, entry.Size);
            Put64(descriptor, 16, entry.Size);
        }
        else
        {
            Put32(descriptor, 8, (uint)entry.Size);
            Put32(descriptor, 12, (uint)entry.Size);
        }

        Emit(descriptor[..(large ? 24 : 16)]);
        _entries.Add(entry with { Crc = _crc });
        _open = null;
    }

    public void Record(string name, ReadOnlySpan<byte> data)
    {
        Begin(name, data.Length);
        Write(data);
        End();
    }

    public void Finish()
    {
        var start = _position;
        foreach (var entry in _entries) WriteCentral(entry);
        var size = _position - start;
        if (_entries.Count >= ushort.MaxValue || IsLarge(start) || IsLarge(size)) WriteEnd64(start, size);
        Span<byte> end = stackalloc byte[ZipLayout.EndBytes];
        end.Clear();
        Put32(end, 0, ZipLayout.End);
        var count = Math.Min(_entries.Count, ushort.MaxValue);
        Put16(end, 8, count);
        Put16(end, 10, count);
        Put32(end, 12, IsLarge(size) ? uint.MaxValue : (uint)size);
        Put32(end, 16, IsLarge(start) ? uint.MaxValue : (uint)start);
        Emit(end);
    }

    private void WriteCentral(ZipEntry entry)
    {
        var (bigSize, bigOffset) = (IsLarge(entry.Size), IsLarge(entry.HeaderOffset));
        var large = (bigSize ? 16 : 0) + (bigOffset ? 8 : 0);
        var extra = large == 0 ? 0 : large + 4;
        var name = Encoding.UTF8.GetBytes(entry.Name);
        var header = new byte[ZipLayout.CentralHeaderBytes + name.Length + extra];
        Put32(header, 0, ZipLayout.CentralHeader);
        Put16(header, 4, extra > 0 ? 45 : 20);
        Put16(header, 6, extra > 0 ? 45 : 20);
        Put16(header, 8, entry.Flags);
        Put32(header, 16, entry.Crc);
        Put32(header, 20, bigSize ? uint.MaxValue : (uint)entry.Size);
        Put32(header, 24, bigSize ? uint.MaxValue : (uint)entry.Size);
        Put16(header, 28, name.Length);
        Put16(header, 30, extra);
        Put32(header, 42, bigOffset ? uint.MaxValue : (uint)entry.HeaderOffset);
        name.CopyTo(header, ZipLayout.CentralHeaderBytes);
        if (extra > 0)
        {
            var at = ZipLayout.CentralHeaderBytes + name.Length;
            Put16(header, at, ZipLayout.Zip64Extra);
            Put16(header, at + 2, large);
            at += 4;
            if (bigSize)
            {
                Put64(header, at, entry.Size);
                Put64(header, at + 8, entry.Size);
                at += 16;
            }

            if (bigOffset) Put64(header, at, entry.HeaderOffset);
        }

        Emit(header);
    }

    private void WriteEnd64(long start, long size)
    {
        var at = _position;
        Span<byte> record = stackalloc byte[ZipLayout.End64Bytes + ZipLayout.End64LocatorBytes];
        record.Clear();
        Put32(record, 0, ZipLayout.End64);
        Put64(record, 4, ZipLayout.End64Bytes - 12);
        Put16(record, 12, 45);
        Put16(record, 14, 45);
        Put64(record, 24, _entries.Count);
        Put64(record, 32, _entries.Count);
        Put64(record, 40, size);
        Put64(record, 48, start);
        var locator = record[ZipLayout.End64Bytes..];
        Put32(locator, 0, ZipLayout.End64Locator);
        Put64(locator, 8, at);
        Put32(locator, 16, 1);
        Emit(record);
    }

    private bool IsLarge(long value) => value >= zip64From;

    private void Emit(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _position += bytes.Length;
    }

    private static void Put16(Span<byte> bytes, int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes[at..], (ushort)value);

    private static void Put32(Span<byte> bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], value);

    private static void Put64(Span<byte> bytes, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(bytes[at..], value);
}
