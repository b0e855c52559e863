using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace LightningSharp.Checkpointing.Pickling;

/// <summary>
/// Writes nodes as a protocol 2 pickle, with the opcodes that <c>torch.save</c> uses and no others, so that every restricted reader takes it.
/// Depth was bounded by <see cref="NodeImporter"/>.
/// </summary>
internal sealed class PickleWriter
{
    private const int BatchSize = 1000; // as Python cuts APPENDS and SETITEMS
    private readonly ArrayBufferWriter<byte> _out = new(4096);
    private readonly Dictionary<string, uint> _memo = new(StringComparer.Ordinal);

    public static ReadOnlyMemory<byte> Write(DictNode root)
    {
        var writer = new PickleWriter();
        writer.Op(PickleOp.Proto);
        writer.Byte(2);
        writer.Value(root);
        writer.Op(PickleOp.Stop);
        return writer._out.WrittenMemory;
    }

    private void Value(object? node)
    {
        switch (node)
        {
            case null: Op(PickleOp.None); break;
            case bool flag: Op(flag ? PickleOp.NewTrue : PickleOp.NewFalse); break;
            case long number: Integer(number); break;
            case BigInteger number: Long1(number.ToByteArray()); break;
            case double number: Float(number); break;
            case string text: Text(text); break;
            case byte[] bytes: Bytes(bytes); break;
            case Complex number: Call("__builtin__", "complex", number.Real, number.Imaginary); break;
            case TupleNode tuple: Tuple(tuple.Items); break;
            case ListNode list: List(list.Items); break;
            case DictNode dictionary: Dictionary(dictionary); break;
            case TensorNode tensor: Tensor(tensor); break;
            default: throw new InvalidOperationException($"No pickle for {node.GetType()}.");
        }
    }

    private void Integer(long value)
    {
        switch (value)
        {
            case >= 0 and <= byte.MaxValue:
                Op(PickleOp.BinInt1);
                Byte((byte)value);
                break;
            case >= 0 and <= ushort.MaxValue:
                Op(PickleOp.BinInt2);
                BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), (ushort)value);
                break;
            case >= int.MinValue and <= int.MaxValue:
                Op(PickleOp.BinInt);
                BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), (int)value);
                break;
            default:
                Long1(new BigInteger(value).ToByteArray());
                break;
        }
    }

    private void Long1(byte[] bytes)
    {
        if (bytes.Length > byte.MaxValue) throw new CheckpointException($"A whole number of {bytes.Length:N0} bytes cannot be saved; the limit is {byte.MaxValue} bytes.");
        Op(PickleOp.Long1);
        Byte((byte)bytes.Length);
        _out.Write(bytes);
    }

    private void Float(double value)
    {
        Op(PickleOp.BinFloat);
        BinaryPrimitives.WriteDoubleBigEndian(Reserve(8), value);
    }

    private void Text(string text)
    {
        if (Remembered(text)) return;
        Op(PickleOp.BinUnicode);
        var length = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), (uint)length);
        Encoding.UTF8.GetBytes(text, Reserve(length));
        Remember(text);
    }

    private void Bytes(byte[] bytes) => Call("_codecs", "encode", Encoding.Latin1.GetString(bytes), "latin1");

    private void Tuple(ReadOnlySpan<object?> items)
    {
        if (items.Length > 3) Op(PickleOp.Mark);
        foreach (var item in items) Value(item);
        Op(items.Length switch { 0 => PickleOp.EmptyTuple, 1 => PickleOp.Tuple1, 2 => PickleOp.Tuple2, 3 => PickleOp.Tuple3, _ => PickleOp.Tuple });
    }

    private void List(List<object?> items)
    {
        Op(PickleOp.EmptyList);
        for (var start = 0; start < items.Count; start += BatchSize)
        {
            Op(PickleOp.Mark);
            for (var i = start; i < Math.Min(start + BatchSize, items.Count); i++) Value(items[i]);
            Op(PickleOp.Appends);
        }
    }

    private void Dictionary(DictNode node)
    {
        if (node.IsOrderedDict) Call("collections", "OrderedDict");
        else Op(PickleOp.EmptyDict);
        for (var start = 0; start < node.Entries.Count; start += BatchSize)
        {
            Op(PickleOp.Mark);
            for (var i = start; i < Math.Min(start + BatchSize, node.Entries.Count); i++)
            {
                Value(node.Entries[i].Key);
                Value(node.Entries[i].Value);
            }

            Op(PickleOp.SetItems);
        }
    }

    private void Tensor(TensorNode tensor)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Op(PickleOp.Mark);
        Op(PickleOp.Mark);
        Text("storage");
        Global("torch", tensor.Type.StorageName);
        Text(tensor.Storage.Key);
        Text("cpu");
        Integer(tensor.Storage.Elements);
        Op(PickleOp.Tuple);
        Op(PickleOp.BinPersId);
        Integer(tensor.Offset - tensor.Storage.First);
        Longs(tensor.Shape);
        Longs(tensor.Stride);
        Op(PickleOp.NewFalse);
        Call("collections", "OrderedDict");
        Op(PickleOp.Tuple);
        Op(PickleOp.Reduce);
    }

    private void Longs(long[] values)
    {
        Op(PickleOp.Mark);
        foreach (var value in values) Integer(value);
        Op(PickleOp.Tuple);
    }

    private void Call(string module, string name, params ReadOnlySpan<object?> arguments)
    {
        Global(module, name);
        Tuple(arguments);
        Op(PickleOp.Reduce);
    }

    private void Global(string module, string name)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{module}\n{name}\n");
        var key = $"\0{text}"; // apart from the texts
        if (Remembered(key)) return;
        Op(PickleOp.Global);
        Encoding.UTF8.GetBytes(text, Reserve(text.Length));
        Remember(key);
    }

    private bool Remembered(string key)
    {
        if (!_memo.TryGetValue(key, out var index)) return false;
        if (index <= byte.MaxValue)
        {
            Op(PickleOp.BinGet);
            Byte((byte)index);
        }
        else
        {
            Op(PickleOp.LongBinGet);
            BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), index);
        }

        return true;
    }

    private void Remember(string key)
    {
        var index = (uint)_memo.Count;
        _memo[key] = index;
        if (index <= byte.MaxValue)
        {
            Op(PickleOp.BinPut);
            Byte((byte)index);
        }
        else
        {
            Op(PickleOp.LongBinPut);
            BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), index);
        }
    }

    private void Op(PickleOp op) => Byte((byte)op);

    private void Byte(byte value) => Reserve(1)[0] = value;

    private Span<byte> Reserve(int count)
    {
        var span = _out.GetSpan(count)[..count];
        _out.Advance(count);
        return span;
    }
}
