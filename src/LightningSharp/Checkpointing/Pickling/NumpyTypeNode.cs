namespace LightningSharp.Checkpointing.Pickling;

/// <summary>A numpy element type such as <c>f8</c>.</summary>
internal sealed class NumpyTypeNode(string code)
{
    public string Code { get; } = code;

    public bool BigEndian { get; set; }
}
