namespace LightningSharp.Checkpointing.Pickling;

/// <summary>What a global of the allow-list stands for. There is no kind that runs anything.</summary>
internal enum GlobalKind
{
    /// <summary>Not on the list: never built.</summary>
    Unknown,
    OrderedDict,
    Counter,
    DefaultDict,
    Dict,
    List,
    Set,
    Bytes,
    ByteArray,
    Complex,
    Range,
    TypeName,
    RebuildTensorV2,
    RebuildTensorV3,
    RebuildParameter,
    RebuildParameterWithState,
    RebuildFromType,
    Storage,
    UntypedStorage,
    Size,
    Device,
    DType,
    TensorClass,
    Encode,
    TimeSpan,
    DateTime,
    Path,
    Namespace,
    NumpyScalar,
    NumpyDType,
}
