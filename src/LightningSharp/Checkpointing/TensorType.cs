using static TorchSharp.torch;

namespace LightningSharp.Checkpointing;

/// <summary>One element type: its name in PyTorch, in the pickle and in safetensors, and its size.</summary>
internal sealed record TensorType(ScalarType Scalar, string Name, string StorageName, string SafeName, int Bytes)
{
    private static readonly TensorType[] All =
    [
        new(ScalarType.Float64, "float64", "DoubleStorage", "F64", 8),
        new(ScalarType.Float32, "float32", "FloatStorage", "F32", 4),
        new(ScalarType.Float16, "float16", "HalfStorage", "F16", 2),
        new(ScalarType.BFloat16, "bfloat16", "BFloat16Storage", "BF16", 2),
        new(ScalarType.Int64, "int64", "LongStorage", "I64", 8),
        new(ScalarType.Int32, "int32", "IntStorage", "I32", 4),
        new(ScalarType.Int16, "int16", "ShortStorage", "I16", 2),
        new(ScalarType.Int8, "int8", "CharStorage", "I8", 1),
        new(ScalarType.Byte, "uint8", "ByteStorage", "U8", 1),
        new(ScalarType.Bool, "bool", "BoolStorage", "BOOL", 1),
        new(ScalarType.ComplexFloat32, "complex64", "ComplexFloatStorage", "C64", 8),
        new(ScalarType.ComplexFloat64, "complex128", "ComplexDoubleStorage", "", 16),
    ];

    // Known to newer formats, unknown to TorchSharp: such a file is sound, we cannot hold its values.
    private static readonly string[] Foreign =
        ["F8_E4M3", "F8_E5M2", "F8_E8M0", "F4", "F6_E2M3", "F6_E3M2", "U16", "U32", "U64", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu", "uint16", "uint32", "uint64"];

    public static TensorType? Of(ScalarType scalar) => Array.Find(All, type => type.Scalar == scalar);

    public static TensorType? OfStorage(string name) => Array.Find(All, type => type.StorageName == name);

    public static TensorType? OfName(string name) => Array.Find(All, type => type.Name == name);

    public static TensorType? OfSafeName(string name) => name.Length == 0 ? null : Array.Find(All, type => type.SafeName == name);

    public static bool IsForeign(string name) => Foreign.Contains(name, StringComparer.Ordinal);
}
