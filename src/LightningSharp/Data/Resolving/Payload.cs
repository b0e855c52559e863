using System.Security.Cryptography;
using LightningSharp.Data.Formats;

namespace LightningSharp.Data.Resolving;

/// <summary>Decodes and verifies the content of a file.</summary>
internal static class Payload
{
    /// <summary>The decoded content if it is the right one, otherwise null and why not.</summary>
    public static byte[]? Verify(byte[] content, string name, DataFile file, out string reason)
    {
        try
        {
            byte[] payload = GzipPayload.Decode(content, name, file.Bytes);
            reason = Mismatch(payload, name, file);
            return reason.Length == 0 ? payload : null;
        }
        catch (DataException damage)
        {
            reason = damage.Message;
            return null;
        }
    }

    private static string Mismatch(byte[] payload, string name, DataFile file)
    {
        if (payload.Length != file.Bytes)
            return $"{name}: expected {file.Bytes:N0} decoded bytes, received {payload.Length:N0}";
        if (file.Sha256 is null)
            return "";
        string hash = Convert.ToHexStringLower(SHA256.HashData(payload));
        return hash == file.Sha256 ? "" : $"{name}: expected SHA-256 {file.Sha256}, received {hash}";
    }
}
