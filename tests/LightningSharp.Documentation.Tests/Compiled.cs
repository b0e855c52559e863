using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LightningSharp.Documentation.Tests;

/// <summary>What the compiler says of a source text, with every package at hand.</summary>
internal static class Compiled
{
    public static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);

    private static readonly ImmutableArray<MetadataReference> References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))]; // set by the host

    /// <summary>The errors, each with its line.</summary>
    /// <param name="source">The whole text.</param>
    /// <param name="allowed">An error that does not count.</param>
    public static IReadOnlyList<string> Errors(string source, string? allowed = null)
    {
        var compilation = CSharpCompilation.Create(
            "Documentation", [CSharpSyntaxTree.ParseText(source, Language)], References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error && found.Id != allowed).Select(found => $"{found.Id} {found.GetMessage(null)}: {Line(found)}")];
    }

    private static string Line(Diagnostic found) => found.Location.SourceTree!.GetText().Lines[found.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim(); // diagnostics of code have a tree
}
