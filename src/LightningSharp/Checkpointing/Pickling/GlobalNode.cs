namespace LightningSharp.Checkpointing.Pickling;

/// <summary>A name in a pickle: an entry of the allow-list, or an unknown one that stays a name.</summary>
internal sealed record GlobalNode(string Module, string Name, GlobalKind Kind)
{
    public string FullName => $"{Module}.{Name}";
}
