using System.Runtime.Intrinsics;

namespace LightningSharp.Data.Sampling;

/// <summary>
/// A shuffled order of 0..n-1 that needs no memory and can be asked at any position: a keyed Feistel network of two unequal halves. A position is written as
/// row and column of a table that is just large enough for n; by turns the row moves by a pseudo-random function of the column, and the column by one of the row.
/// The few cells beyond n are walked through along their cycle. The same (seed, epoch) gives the same order on every machine.
/// </summary>
/// <remarks>Unbalanced and generalised Feistel networks, and cycle walking: J. Black, P. Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002.</remarks>
internal readonly struct Permutation
{
    private const int SmallCount = 4096; // few cells have few functions to choose from: they are mixed three times
    private const float Unit = 1f / (1 << 24);
    private readonly uint _count, _rows, _columns;
    private readonly float _rowUnit, _columnUnit;
    private readonly int _passes;
    private readonly Vector128<uint> _keys;

    public Permutation(int count, long seed, int epoch)
    {
        _count = (uint)count;
        _rows = Math.Max(1, (uint)Math.Ceiling(Math.Sqrt(count)));
        _columns = Math.Max(1, (uint)(((long)count + _rows - 1) / _rows));
        (_rowUnit, _columnUnit) = (_rows * Unit, _columns * Unit);
        _passes = count < SmallCount ? 3 : 1;
        ulong key = Mixer.Combine((ulong)seed, (ulong)epoch, 0x5A0FF1E);
        _keys = Vector128.Create(key, Mixer.Mix(key + Mixer.Golden)).AsUInt32();
    }

    /// <summary>Which item stands at <paramref name="position"/>.</summary>
    public int this[int position] => (int)Inside(Encrypt((uint)position));

    /// <summary>The items at <paramref name="start"/>, <c>start + 1</c>, …: the same as one by one, eight at a time where the processor can.</summary>
    public void Fill(int start, Span<int> items)
    {
        int done = Vector256.IsHardwareAccelerated && _columns >= Vector256<uint>.Count ? FillEights(start, items) : 0;
        for (; done < items.Length; done++)
            items[done] = this[start + done];
    }

    private int FillEights(int start, Span<int> items)
    {
        var (columns, count) = (Vector256.Create(_columns), Vector256.Create(_count));
        var column = Vector256.Create((uint)start % _columns) + Vector256<uint>.Indices;
        var row = Vector256.Create((uint)start / _columns);
        int done = 0;
        for (; done <= items.Length - Vector256<uint>.Count; done += Vector256<uint>.Count)
        {
            var beyond = Vector256.GreaterThanOrEqual(column, columns); // at most one row further: a row has at least eight columns
            column -= columns & beyond;
            row -= beyond; // minus minus one
            var item = Encrypt(row, column);
            item.AsInt32().CopyTo(items[done..]);
            if (Vector256.GreaterThanOrEqualAny(item, count))
                Walk(items.Slice(done, Vector256<uint>.Count));
            column += Vector256.Create((uint)Vector256<uint>.Count);
        }

        return done;
    }

    private void Walk(Span<int> items)
    {
        foreach (ref int item in items)
            item = (int)Inside((uint)item);
    }

    private uint Inside(uint value)
    {
        while (value >= _count)
            value = Encrypt(value);
        return value;
    }

    private uint Encrypt(uint value)
    {
        uint row = value / _columns, column = value % _columns;
        for (uint pass = 0; pass < _passes; pass++)
        {
            uint shift = pass * 0x9E3779B9; // other keys for each pass
            row = Turn(row, Draw(column, _keys[0] + shift, _rowUnit), _rows);
            column = Turn(column, Draw(row, _keys[1] + shift, _columnUnit), _columns);
            row = Turn(row, Draw(column, _keys[2] + shift, _rowUnit), _rows);
            column = Turn(column, Draw(row, _keys[3] + shift, _columnUnit), _columns);
        }

        return (row * _columns) + column;
    }

    private Vector256<uint> Encrypt(Vector256<uint> row, Vector256<uint> column)
    {
        var (rows, columns) = (Vector256.Create(_rows), Vector256.Create(_columns));
        for (uint pass = 0; pass < _passes; pass++)
        {
            uint shift = pass * 0x9E3779B9; // other keys for each pass
            row = Turn(row, Draw(column, _keys[0] + shift, _rowUnit), rows);
            column = Turn(column, Draw(row, _keys[1] + shift, _columnUnit), columns);
            row = Turn(row, Draw(column, _keys[2] + shift, _rowUnit), rows);
            column = Turn(column, Draw(row, _keys[3] + shift, _columnUnit), columns);
        }

        return (row * columns) + column;
    }

    private static uint Turn(uint value, uint by, uint range)
    {
        value += by;
        return value >= range ? value - range : value;
    }

    private static Vector256<uint> Turn(Vector256<uint> value, Vector256<uint> by, Vector256<uint> range)
    {
        value += by;
        return value - (range & Vector256.GreaterThanOrEqual(value, range));
    }

    // A number below the range, of 24 random bits: their product with range / 2^24 is rounded to a float below the range, as the range is below 2^17.
    private static uint Draw(uint value, uint key, float unit)
    {
        value = (value ^ key) * 0x9E3779B1;
        value = (value ^ (value >> 15)) * 0x85EBCA77;
        value = (value ^ (value >> 13)) * 0xC2B2AE3D;
        return (uint)(int)((int)(value >> 8) * unit);
    }

    private static Vector256<uint> Draw(Vector256<uint> value, uint key, float unit)
    {
        value = (value ^ Vector256.Create(key)) * Vector256.Create(0x9E3779B1);
        value = (value ^ (value >>> 15)) * Vector256.Create(0x85EBCA77);
        value = (value ^ (value >>> 13)) * Vector256.Create(0xC2B2AE3D);
        return Vector256.ConvertToInt32Native(Vector256.ConvertToSingle((value >>> 8).AsInt32()) * Vector256.Create(unit)).AsUInt32();
    }
}
