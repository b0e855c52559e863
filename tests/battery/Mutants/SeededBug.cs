using Microsoft.CodeAnalysis;

namespace LightningSharp.Mutants;

/// <summary>A bug as a file: what it is, "- text" to find in the library, "+ text" to put there, and "@ file" when the text is in other files as well.</summary>
internal sealed record SeededBug(string Name, string Old, string New, string? File)
{
    public static SeededBug Read(string path)
    {
        var lines = System.IO.File.ReadAllLines(path);
        return new(Path.GetFileNameWithoutExtension(path), Line('-') ?? throw new InvalidDataException($"{path} has no line that begins with '- '."), Line('+') ?? string.Empty, Line('@'));

        string? Line(char mark) => lines.FirstOrDefault(line => line.StartsWith($"{mark} ", StringComparison.Ordinal))?[2..];
    }

    public bool IsIn(SyntaxTree tree) => (File is null || Path.GetFileName(tree.FilePath) == File) && tree.GetText().ToString().Contains(Old, StringComparison.Ordinal);

    public string Apply(SyntaxTree tree) => tree.GetText().ToString().Replace(Old, New, StringComparison.Ordinal);
}
