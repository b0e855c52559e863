namespace LightningSharp.Checkpointing.Archives;

/// <summary>One stored record, as the directory at the end of the file describes it.</summary>
/// <param name="Name">The full name, with the top folder.</param>
/// <param name="HeaderOffset">Where its local header starts.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Crc">Their CRC-32.</param>
/// <param name="Flags">The general purpose bits.</param>
/// <param name="Method">0: stored.</param>
internal sealed record ZipEntry(string Name, long HeaderOffset, long Size, uint Crc, ushort Flags, ushort Method)
{
    /// <summary>Where its bytes start; known after the local header was checked.</summary>
    public long DataOffset { get; init; }

    public bool HasDescriptor => (Flags & 8) != 0;
}
