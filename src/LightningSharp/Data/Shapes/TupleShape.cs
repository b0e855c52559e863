using static TorchSharp.torch;

namespace LightningSharp.Data.Shapes;

internal sealed class TupleShape<T1> : BatchShape<ValueTuple<T1>>
{
    private readonly BatchShape<T1> _t1 = BatchShape<T1>.Instance;

    public override bool HoldsTensors => _t1.HoldsTensors;

    public override void Collect(ValueTuple<T1> value, List<Tensor> tensors)
    {
        _t1.Collect(value.Item1, tensors);
    }

    public override ValueTuple<T1> Map(ValueTuple<T1> value, TensorMap map)
        => new(_t1.Map(value.Item1, map));
}

internal sealed class TupleShape<T1, T2> : BatchShape<ValueTuple<T1, T2>>
{
    private readonly BatchShape<T1> _t1 = BatchShape<T1>.Instance;
    private readonly BatchShape<T2> _t2 = BatchShape<T2>.Instance;

    public override bool HoldsTensors => _t1.HoldsTensors || _t2.HoldsTensors;

    public override void Collect(ValueTuple<T1, T2> value, List<Tensor> tensors)
    {
        _t1.Collect(value.Item1, tensors);
        _t2.Collect(value.Item2, tensors);
    }

    public override ValueTuple<T1, T2> Map(ValueTuple<T1, T2> value, TensorMap map)
        => new(_t1.Map(value.Item1, map), _t2.Map(value.Item2, map));
}

internal sealed class TupleShape<T1, T2, T3> : BatchShape<ValueTuple<T1, T2, T3>>
{
    private readonly BatchShape<T1> _t1 = BatchShape<T1>.Instance;
    private readonly BatchShape<T2> _t2 = BatchShape<T2>.Instance;
    private readonly BatchShape<T3> _t3 = BatchShape<T3>.Instance;

    public override bool HoldsTensors => _t1.HoldsTensors || _t2.HoldsTensors || _t3.HoldsTensors;

    public override void Collect(ValueTuple<T1, T2, T3> value, List<Tensor> tensors)
    {
        _t1.Collect(value.Item1, tensors);
        _t2.Collect(value.Item2, tensors);
        _t3.Collect(value.Item3, tensors);
    }

    public override ValueTuple<T1, T2, T3> Map(ValueTuple<T1, T2, T3> value, TensorMap map)
        => new(_t1.Map(value.Item1, map), _t2.Map(value.Item2, map), _t3.Map(value.Item3, map));
}

internal sealed class TupleShape<T1, T2, T3, T4> : BatchShape<ValueTuple<T1, T2, T3, T4>>
{
    private readonly BatchShape<T1> _t1 = BatchShape<T1>.Instance;
    private readonly BatchShape<T2> _t2 = BatchShape<T2>.Instance;
    private readonly BatchShape<T3> _t3 = BatchShape<T3>.Instance;
    private readonly BatchShape<T4> _t4 = BatchShape<T4>.Instance;

    public override bool HoldsTensors => _t1.HoldsTensors || _t2.HoldsTensors || _t3.HoldsTensors || _t4.HoldsTensors;

    public override void Collect(ValueTuple<T1, T2, T3, T4> value, List<Tensor> tensors)
    {
        _t1.Collect(value.Item1, tensors);
        _t2.Collect(value.Item2, tensors);
        _t3.Collect(value.Item3, tensors);
        _t4.Collect(value.Item4, tensors);
    }

    public override ValueTuple<T1, T2, T3, T4> Map(ValueTuple<T1, T2, T3, T4> value, TensorMap map)
        => new(_t1.Map(value.Item1, map), _t2.Map(value.Item2, map), _t3.Map(value.Item3, map), _t4.Map(value.Item4, map));
}

internal sealed class TupleShape<T1, T2, T3, T4, T5> : BatchShape<ValueTuple<T1, T2, T3, T4, T5>>
{
    private readonly BatchShape<T1> _t1 = BatchShape<T1>.Instance;
    private readonly BatchShape<T2> _t2 = BatchShape<T2>.Instance;
    private readonly BatchShape<T3> _t3 = BatchShape<T3>.Instance;
    private readonly BatchShape<T4> _t4 = BatchShape<T4>.Instance;
    private readonly BatchShape<T5> _t5 = BatchShape<T5>.Instance;

    public override bool HoldsTensors => _t1.HoldsTensors || _t2.HoldsTensors || _t3.HoldsTensors || _t4.HoldsTensors || _t5.HoldsTensors;

    public override void Collect(ValueTuple<T1, T2, T3, T4, T5> value, List<Tensor> tensors)
    {
        _t1.Collect(value.Item1, tensors);
        _t2.Collect(value.Item2, tensors);
        _t3.Collect(value.Item3, tensors);
        _t4.Collect(value.Item4, tensors);
        _t5.Collect(value.Item5, tensors);
    }

    public override ValueTuple<T1, T2, T3, T4, T5> Map(ValueTuple<T1, T2, T3, T4, T5> value, TensorMap map)
        => new(_t1.Map(value.Item1, map), _t2.Map(value.Item2, map), _t3.Map(value.Item3, map), _t4.Map(value.Item4, map), _t5.Map(value.Item5, map));
}
