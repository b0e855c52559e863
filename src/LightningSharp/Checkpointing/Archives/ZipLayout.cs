namespace LightningSharp.Checkpointing.Archives;

/// <summary>The numbers of the zip format (PKWARE APPNOTE 6.3.10).</summary>
internal static class ZipLayout
{
    public const uint LocalHeader = 0x04034b50;
    public const uint CentralHeader = 0x02014b50;
    public const uint Descriptor = 0x08074b50;
    public const uint End = 0x06054b50;
    public const uint End64 = 0x06064b50;
    public const uint End64Locator = 0x07064b50;
    public const int LocalHeaderBytes = 30;
    public const int CentralHeaderBytes = 46;
    public const int EndBytes = 22;
    public const int End64Bytes = 56;
    public const int End64LocatorBytes = 20;
    public const ushort Zip64Extra = 0x0001;

    /// <summary>Bit 3 (sizes follow the data) and bit 11 (names are UTF-8), as torch writes them.</summary>
    public const ushort WrittenFlags = 0x0808;
}
