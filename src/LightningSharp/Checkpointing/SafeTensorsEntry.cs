namespace LightningSharp.Checkpointing;

/// <summary>One tensor in the header of a safetensors file; <see cref="Begin"/> counts from the end of the header.</summary>
internal sealed record SafeTensorsEntry(string Name, TensorType Type, long[] Shape, long Begin, long End)
{
    public long Bytes => End - Begin;
}
