using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LightningSharp.Documentation.Tests;

/// <summary>Compiles one example as its reader would: types beside the program, members in a module, statements in a method.</summary>
internal static class Example
{
    // a fragment need not write every abstract member of its class
    private const string NotImplemented = "CS0534";

    private const string SemicolonExpected = "CS1002";

    public static IReadOnlyList<string> Errors(string text) => Compiled.Errors(Program(text.Replace("…", "", StringComparison.Ordinal)), NotImplemented);

    private static string Program(string text)
    {
        var root = CSharpSyntaxTree.ParseText(text, Compiled.Language).GetCompilationUnitRoot();
        if (root.GetDiagnostics().Any(found => found.Id == SemicolonExpected)) // an example may be an expression, or an assignment of an initializer
        {
            var last = root.DescendantTokens().Last(token => token.Span.Length > 0);
            root = CSharpSyntaxTree.ParseText(text.Insert(last.Span.End, ";"), Compiled.Language).GetCompilationUnitRoot();
        }

        var types = root.Members.Where(member => member is BaseTypeDeclarationSyntax);
        var statements = root.Members.OfType<GlobalStatementSyntax>();
        var members = root.Members.Where(member => member is not (BaseTypeDeclarationSyntax or GlobalStatementSyntax));
        var own = Surroundings.Extra.Where(pair => text.Contains(pair.Key, StringComparison.Ordinal)).Select(pair => pair.Value).ToList();
        return Surroundings.Usings + string.Concat(own.Select(pair => pair.Usings)) + root.Usings.ToFullString() + Surroundings.Variables + string.Concat(own.Select(pair => pair.Code))
            + Text(types) + "\ninternal sealed class Reader : Known\n{\n" + Text(members)
            + "\npublic async Task<OptimizerSetup> Run()\n{\n" + Text(statements) + "\nreturn OptimizerSetup.None;\n}\n}\n";
    }

    private static string Text(IEnumerable<SyntaxNode> nodes) => string.Concat(nodes.Select(node => node.ToFullString()));
}
