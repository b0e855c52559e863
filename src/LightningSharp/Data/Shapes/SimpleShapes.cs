using static TorchSharp.torch;

namespace LightningSharp.Data.Shapes;

/// <summary>A tensor.</summary>
internal sealed class TensorShape : BatchShape<Tensor>
{
    public override void Collect(Tensor value, List<Tensor> tensors)
    {
        if (value is not null) tensors.Add(value);
    }

    public override Tensor Map(Tensor value, TensorMap map) => value is null ? value! : map.Apply(value); // a null part of a batch stays null
}

/// <summary>Text, numbers and other values without tensors: passed untouched.</summary>
internal sealed class LeafShape<T> : BatchShape<T>
{
    public override bool HoldsTensors => false;

    public override void Collect(T value, List<Tensor> tensors)
    {
    }

    public override T Map(T value, TensorMap map) => value;
}

/// <summary>A user's type that moves itself.</summary>
internal sealed class SelfMovingShape<T> : BatchShape<T>
    where T : IBatch<T>
{
    public override void Collect(T value, List<Tensor> tensors)
    {
        if (value is not null) tensors.AddRange(value.Tensors);
    }

    public override int? OwnSize(T value) => value?.Size;

    public override T Map(T value, TensorMap map) => value is null || map.Device is null ? value! : value.To(map.Device, nonBlocking: map.Device.type == TorchSharp.DeviceType.CUDA); // a type of the user's knows only how to move
}

/// <summary>A value whose type is known only when it is there.</summary>
internal sealed class DynamicShape<T> : BatchShape<T>
{
    public override void Collect(T value, List<Tensor> tensors)
    {
        if (value is not null && value.GetType() != typeof(object)) BatchShapes.Of(value.GetType()).CollectObject(value, tensors);
    }

    public override T Map(T value, TensorMap map)
        => value is null || value.GetType() == typeof(object) ? value : (T)BatchShapes.Of(value.GetType()).MapObject(value, map)!; // maps null to null only
}

/// <summary>An array.</summary>
internal sealed class ArrayShape<T> : BatchShape<T[]>
{
    private readonly BatchShape<T> _element = BatchShape<T>.Instance;

    public override bool HoldsTensors => _element.HoldsTensors;

    public override void Collect(T[] value, List<Tensor> tensors)
    {
        if (value is null || !_element.HoldsTensors) return;
        foreach (var element in value) _element.Collect(element, tensors);
    }

    public override T[] Map(T[] value, TensorMap map)
        => value is null || !_element.HoldsTensors ? value! : Array.ConvertAll(value, element => _element.Map(element, map)); // null stays null
}

/// <summary>A list.</summary>
internal sealed class ListShape<TList, T> : BatchShape<TList>
    where TList : class, IList<T>
{
    private readonly BatchShape<T> _element = BatchShape<T>.Instance;

    public override bool HoldsTensors => _element.HoldsTensors;

    public override void Collect(TList value, List<Tensor> tensors)
    {
        if (value is null || !_element.HoldsTensors) return;
        for (var i = 0; i < value.Count; i++) _element.Collect(value[i], tensors);
    }

    public override TList Map(TList value, TensorMap map)
    {
        if (value is null || !_element.HoldsTensors) return value!; // null stays null
        if (typeof(TList) == typeof(List<T>)) return (TList)(object)((List<T>)(object)value).ConvertAll(element => _element.Map(element, map));
        var copy = Activator.CreateInstance<TList>();
        for (var i = 0; i < value.Count; i++) copy.Add(_element.Map(value[i], map));
        return copy;
    }
}

/// <summary>A dictionary.</summary>
internal sealed class DictionaryShape<TMap, TKey, TValue> : BatchShape<TMap>
    where TMap : class, IDictionary<TKey, TValue>
    where TKey : notnull
{
    private readonly BatchShape<TValue> _value = BatchShape<TValue>.Instance;

    public override bool HoldsTensors => _value.HoldsTensors;

    public override void Collect(TMap value, List<Tensor> tensors)
    {
        if (value is null || !_value.HoldsTensors) return;
        foreach (var entry in value) _value.Collect(entry.Value, tensors);
    }

    public override TMap Map(TMap value, TensorMap map)
    {
        if (value is null || !_value.HoldsTensors) return value!; // null stays null
        var copy = Activator.CreateInstance<TMap>();
        foreach (var entry in value) copy.Add(entry.Key, _value.Map(entry.Value, map));
        return copy;
    }
}
