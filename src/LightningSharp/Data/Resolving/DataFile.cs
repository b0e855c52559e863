namespace LightningSharp.Data.Resolving;

/// <summary>One file of a data set. The hash is that of the decoded content, so that any container from any place is equally trusted.</summary>
/// <param name="Name">Name of the decoded file; a source may have it with <c>.gz</c> behind.</param>
/// <param name="Bytes">Length of the decoded file.</param>
/// <param name="Sha256">SHA-256 of the decoded file, lower-case hexadecimal; null: not known here, so that only the length is checked and nothing is downloaded.</param>
internal sealed record DataFile(string Name, int Bytes, string? Sha256);
