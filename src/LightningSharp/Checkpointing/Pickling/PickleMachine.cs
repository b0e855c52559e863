using System.Globalization;

namespace LightningSharp.Checkpointing.Pickling;

/// <summary>
/// Reads a pickle into nodes. It is a data decoder: no name becomes a type or a function, every operand is checked for its kind, nothing recurses, and
/// memory is bounded by the length of the pickle. The result must still pass <see cref="TreeCheck"/> before anybody uses it.
/// </summary>
internal sealed class PickleMachine(byte[] pickle, PickleCalls calls, CheckpointReadOptions options)
{
    private readonly PickleCursor _in = new(pickle);
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];

    public object? Run()
    {
        try
        {
            return RunToStop();
        }
        catch (CheckpointRefusedException exception) when (exception.Reason != Refusal.Unsafe && calls.FirstUnknown is { } name)
        {
            // Code first, then rubbish: a loader that runs code would have run it by now, so the code is what the message is about.
            throw new CheckpointRefusedException(Refusal.Unsafe, $"It calls {Quoted.Text(name)}, which is not plain data, and is damaged after that: {exception.Message}", exception);
        }
    }

    private object? RunToStop()
    {
        if (_in.StartsWith((byte)PickleOp.Proto) && _in.UInt16() >> 8 is var protocol and > 5) // the oldest two protocols do not say their number
            throw CheckpointRefusedException.Version($"The pickle has protocol {protocol}; this library reads 0 to 5.");
        while (true)
        {
            var at = _in.Offset;
            var op = (PickleOp)_in.Byte();
            if (op == PickleOp.Stop) break;
            if (!Literal(op) && !Container(op) && !Memo(op) && !Call(op)) throw CheckpointRefusedException.Corrupt($"Unknown opcode 0x{(byte)op:x2} at byte {at:N0} of data.pkl.");
            if (_stack.Count > options.MaxValues) throw CheckpointRefusedException.Limit($"More than {options.MaxValues:N0} values ({nameof(CheckpointReadOptions)}.{nameof(CheckpointReadOptions.MaxValues)}).");
        }

        if (_marks.Count != 0 || _stack.Count != 1) throw _in.Corrupt($"{_stack.Count} values are left at the end, expected one");
        if (_in.Offset != _in.Length) throw _in.Corrupt($"{_in.Length - _in.Offset:N0} bytes follow the end");
        return _stack[0];
    }

    private bool Literal(PickleOp op)
    {
        switch (op)
        {
            case PickleOp.None: Push(null); break;
            case PickleOp.NewTrue: Push(true); break;
            case PickleOp.NewFalse: Push(false); break;
            case PickleOp.BinInt: Push((long)_in.Int32()); break;
            case PickleOp.BinInt1: Push((long)_in.Byte()); break;
            case PickleOp.BinInt2: Push((long)_in.UInt16()); break;
            case PickleOp.Long1: Push(_in.Integer(_in.Byte())); break;
            case PickleOp.Long4: Push(_in.Integer(_in.UInt32())); break;
            case PickleOp.Int: PushDecimal(); break;
            case PickleOp.Long: Push(_in.DecimalInteger(_in.Line())); break;
            case PickleOp.BinFloat: Push(_in.Double()); break;
            case PickleOp.Float: PushFloat(); break;
            case PickleOp.BinUnicode: Push(_in.Text(_in.UInt32())); break;
            case PickleOp.ShortBinUnicode: Push(_in.Text(_in.Byte())); break;
            case PickleOp.BinUnicode8: Push(_in.Text(_in.UInt64())); break;
            case PickleOp.ShortBinString: Push(_in.Latin1(_in.Byte())); break;
            case PickleOp.BinString: Push(_in.Latin1(_in.UInt32())); break;
            case PickleOp.ShortBinBytes: Push(_in.Take(_in.Byte()).ToArray()); break;
            case PickleOp.BinBytes: Push(_in.Take(_in.UInt32()).ToArray()); break;
            case PickleOp.BinBytes8: Push(_in.Take(_in.UInt64()).ToArray()); break;
            default: return false;
        }

        return true;
    }

    private bool Container(PickleOp op)
    {
        switch (op)
        {
            case PickleOp.Mark: _marks.Add(_stack.Count); break;
            case PickleOp.Pop: PopOrUnmark(); break;
            case PickleOp.PopMark: PopToMark(); break;
            case PickleOp.Dup: Push(Peek()); break;
            case PickleOp.EmptyDict: Push(new DictNode()); break;
            case PickleOp.EmptyList: Push(new ListNode()); break;
            case PickleOp.EmptySet: Push(new ListNode(isSet: true)); break;
            case PickleOp.EmptyTuple: Push(TupleNode.Empty); break;
            case PickleOp.Tuple: Push(new TupleNode(PopToMark())); break;
            case PickleOp.Tuple1: PushTuple(1); break;
            case PickleOp.Tuple2: PushTuple(2); break;
            case PickleOp.Tuple3: PushTuple(3); break;
            case PickleOp.List: PushList(PopToMark(), isSet: false); break;
            case PickleOp.FrozenSet: PushList(PopToMark(), isSet: true); break;
            case PickleOp.Dict: PushDict(PopToMark()); break;
            case PickleOp.Append: AddToList([Pop()], "APPEND"); break;
            case PickleOp.Appends: AddToList(PopToMark(), "APPENDS"); break;
            case PickleOp.AddItems: AddToList(PopToMark(), "ADDITEMS"); break;
            case PickleOp.SetItem: SetItems([Pop(), Pop()], reversed: true); break;
            case PickleOp.SetItems: SetItems(PopToMark(), reversed: false); break;
            default: return false;
        }

        return true;
    }

    private bool Memo(PickleOp op)
    {
        switch (op)
        {
            case PickleOp.BinPut: Put(_in.Byte()); break;
            case PickleOp.LongBinPut: Put(_in.UInt32()); break;
            case PickleOp.Memoize: Put((uint)_memo.Count); break;
            case PickleOp.BinGet: Get(_in.Byte()); break;
            case PickleOp.LongBinGet: Get(_in.UInt32()); break;
            case PickleOp.Frame: CheckFrame(); break;
            default: return false;
        }

        return true;
    }

    private bool Call(PickleOp op)
    {
        switch (op)
        {
            case PickleOp.Global: Push(PickleCalls.Global(_in.Line(), _in.Line())); break;
            case PickleOp.StackGlobal: StackGlobal(); break;
            case PickleOp.Reduce: Two((function, arguments) => calls.Reduce(function, arguments)); break;
            case PickleOp.NewObj: Two((type, arguments) => calls.NewObject(type, arguments)); break;
            case PickleOp.Build: Two((target, state) => PickleCalls.Build(target, state)); break;
            case PickleOp.BinPersId: Push(calls.Storage(Pop())); break;
            case PickleOp.Obj or PickleOp.Inst or PickleOp.NewObjEx:
                throw CheckpointRefusedException.Unsafe($"It uses the opcode {op} at byte {_in.Offset - 1:N0} of data.pkl, which calls a class directly and which torch.save never writes.");
            case PickleOp.Ext1 or PickleOp.Ext2 or PickleOp.Ext4:
                throw CheckpointRefusedException.Unsafe($"It names a class by a registered number (opcode {op} at byte {_in.Offset - 1:N0} of data.pkl), which torch.save never does.");
            default: return false;
        }

        return true;
    }

    private void Two(Func<object?, object?, object?> call)
    {
        var right = Pop();
        Push(call(Pop(), right));
    }

    private void StackGlobal()
    {
        if (Pop() is not string name || Pop() is not string module) throw _in.Corrupt("STACK_GLOBAL needs two texts");
        Push(PickleCalls.Global(module, name));
    }

    private void PushDecimal()
    {
        var line = _in.Line();
        Push(line switch { "00" => false, "01" => true, _ => _in.DecimalInteger(line) });
    }

    private void PushFloat()
    {
        var line = _in.Line();
        if (!double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) throw _in.Corrupt($"{Quoted.Text(line)} is no number");
        Push(value);
    }

    private void PushTuple(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--) items[i] = Pop();
        Push(new TupleNode(items));
    }

    private void PushList(object?[] items, bool isSet)
    {
        Push(new ListNode(isSet));
        AddToList(items, "LIST");
    }

    private void PushDict(object?[] items)
    {
        Push(new DictNode());
        SetItems(items, reversed: false);
    }

    private void AddToList(object?[] items, string op)
    {
        switch (Peek())
        {
            case ListNode list: list.Items.AddRange(items); break;
            case OpaqueNode opaque: opaque.Items.AddRange(items); break;
            default: throw _in.Corrupt($"{op} needs a list");
        }
    }

    private void SetItems(object?[] items, bool reversed)
    {
        if (items.Length % 2 != 0) throw _in.Corrupt("a key has no value");
        var target = Peek();
        for (var i = 0; i < items.Length; i += 2)
        {
            var (key, value) = reversed ? (items[i + 1], items[i]) : (items[i], items[i + 1]);
            if (target is OpaqueNode opaque) opaque.Items.Add(new TupleNode([key, value]));
            else AddEntry(target as DictNode ?? throw _in.Corrupt("SETITEMS needs a dictionary"), key, value);
        }
    }

    private void AddEntry(DictNode target, object? key, object? value)
    {
        if (key is GlobalNode { Kind: GlobalKind.Unknown } type) (key, target.ClassKey) = (type.FullName, type.FullName);
        if (PickleCalls.DictionaryKey(key) is not { } plain) throw _in.Corrupt("a key of a dictionary is neither text nor a number");
        if (plain is string text && text.Length > options.MaxKeyLength)
            throw CheckpointRefusedException.Limit($"A key of {text.Length:N0} characters; the limit is {options.MaxKeyLength:N0} ({nameof(CheckpointReadOptions)}.{nameof(CheckpointReadOptions.MaxKeyLength)}).");
        if (!target.TryAdd(plain, value)) throw _in.Corrupt($"the key {Quoted.Text(plain.ToString() ?? "")} is there twice");
    }

    private void Put(uint index)
    {
        // A pickle of n bytes cannot fill more than n slots, so a larger number has one purpose.
        if (index >= (uint)_in.Length) throw CheckpointRefusedException.Limit($"The memo slot {index:N0} in a pickle of {_in.Length:N0} bytes.");
        _memo[index] = Peek();
    }

    private void Get(uint index) =>
        Push(_memo.TryGetValue(index, out var value) ? value : throw _in.Corrupt($"the memo slot {index:N0} was never filled"));

    private void CheckFrame()
    {
        var size = _in.UInt64();
        if (size > (ulong)(_in.Length - _in.Offset)) throw _in.Corrupt($"a frame of {size:N0} bytes is announced, but {_in.Length - _in.Offset:N0} are left");
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Peek() => _stack.Count > Floor ? _stack[^1] : throw _in.Corrupt("the stack is empty");

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private void PopOrUnmark()
    {
        if (_marks.Count > 0 && _stack.Count == Floor) _marks.RemoveAt(_marks.Count - 1);
        else Pop();
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0) throw _in.Corrupt("there is no mark");
        var start = Floor;
        var items = _stack.GetRange(start, _stack.Count - start).ToArray();
        _stack.RemoveRange(start, items.Length);
        _marks.RemoveAt(_marks.Count - 1);
        return items;
    }

    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];
}
