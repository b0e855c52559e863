using static TorchSharp.torch;

namespace LightningSharp.Data.Shapes;

/// <summary>A shape whose type is only known at run time, for members of type <see cref="object"/> or of an interface.</summary>
internal interface IBatchShape
{
    bool HoldsTensors { get; }

    void CollectObject(object value, List<Tensor> tensors);

    object? MapObject(object value, TensorMap map);
}
