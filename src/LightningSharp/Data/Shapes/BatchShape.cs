using static TorchSharp.torch;

namespace LightningSharp.Data.Shapes;

/// <summary>Knows where the tensors of a batch type are. Built once per type; using it needs no reflection.</summary>
/// <typeparam name="T">The batch type, or a part of it.</typeparam>
internal abstract class BatchShape<T> : IBatchShape
{
    /// <summary>The shape of <typeparamref name="T"/>.</summary>
    public static BatchShape<T> Instance { get; } = (BatchShape<T>)BatchShapes.Create(typeof(T));

    /// <summary>False when no value of the type can hold a tensor: it passes untouched.</summary>
    public virtual bool HoldsTensors => true;

    /// <summary>Adds the tensors of <paramref name="value"/> to <paramref name="tensors"/>, in order.</summary>
    public abstract void Collect(T value, List<Tensor> tensors);

    /// <summary>The same value with every tensor replaced; containers are copied, never changed.</summary>
    public abstract T Map(T value, TensorMap map);

    /// <summary>The size that the value itself knows; null when it must be read off its tensors.</summary>
    public virtual int? OwnSize(T value) => null;

    public void CollectObject(object value, List<Tensor> tensors) => Collect((T)value, tensors);

    public object? MapObject(object value, TensorMap map) => Map((T)value, map);
}
