namespace LightningSharp.Report.Runs;

/// <summary>What kind of picture some bytes are. SVG is not among them: it can hold scripts.</summary>
internal static class ImageKind
{
    internal static string? Of(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "image/gif",
        _ => null,
    };
}
