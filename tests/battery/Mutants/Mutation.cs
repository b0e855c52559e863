using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LightningSharp.Mutants;

/// <summary>One change of one node.</summary>
internal sealed record Mutation(SyntaxNode Node, SyntaxNode Replacement, string What)
{
    private static readonly Dictionary<SyntaxKind, SyntaxKind> Operators = new()
    {
        [SyntaxKind.LessThanExpression] = SyntaxKind.LessThanOrEqualExpression,
        [SyntaxKind.LessThanOrEqualExpression] = SyntaxKind.LessThanExpression,
        [SyntaxKind.GreaterThanExpression] = SyntaxKind.GreaterThanOrEqualExpression,
        [SyntaxKind.GreaterThanOrEqualExpression] = SyntaxKind.GreaterThanExpression,
        [SyntaxKind.EqualsExpression] = SyntaxKind.NotEqualsExpression,
        [SyntaxKind.NotEqualsExpression] = SyntaxKind.EqualsExpression,
        [SyntaxKind.LogicalAndExpression] = SyntaxKind.LogicalOrExpression,
        [SyntaxKind.LogicalOrExpression] = SyntaxKind.LogicalAndExpression,
        [SyntaxKind.AddExpression] = SyntaxKind.SubtractExpression,
        [SyntaxKind.SubtractExpression] = SyntaxKind.AddExpression,
        [SyntaxKind.MultiplyExpression] = SyntaxKind.DivideExpression,
        [SyntaxKind.DivideExpression] = SyntaxKind.MultiplyExpression,
    };

    /// <summary>Everything in a file that can be changed. What does not compile is sorted out later.</summary>
    public static IEnumerable<Mutation> In(SyntaxNode root)
    {
        foreach (var node in root.DescendantNodes())
        {
            switch (node)
            {
                case BinaryExpressionSyntax binary when Operators.TryGetValue(binary.Kind(), out var other):
                    yield return new(binary, SyntaxFactory.BinaryExpression(other, binary.Left, binary.Right).NormalizeWhitespace(), $"'{binary.OperatorToken}' turned");
                    break;
                case IfStatementSyntax branch:
                    yield return new(branch.Condition, SyntaxFactory.PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, SyntaxFactory.ParenthesizedExpression(branch.Condition)), "condition negated");
                    break;
                case ExpressionStatementSyntax { Expression: InvocationExpressionSyntax or AssignmentExpressionSyntax or PostfixUnaryExpressionSyntax } statement:
                    yield return new(statement, SyntaxFactory.EmptyStatement(), "statement dropped");
                    break;
                case LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.TrueLiteralExpression) || literal.IsKind(SyntaxKind.FalseLiteralExpression):
                    yield return new(literal, SyntaxFactory.LiteralExpression(literal.IsKind(SyntaxKind.TrueLiteralExpression) ? SyntaxKind.FalseLiteralExpression : SyntaxKind.TrueLiteralExpression), "bool turned");
                    break;
            }
        }
    }

    /// <summary>Where and what, in one line.</summary>
    public override string ToString()
    {
        var text = string.Join(' ', Node.ToString().Split((char[])['\n', ' ', '\r'], StringSplitOptions.RemoveEmptyEntries));
        return $"{Path.GetFileName(Node.SyntaxTree.FilePath)}:{Node.GetLocation().GetLineSpan().StartLinePosition.Line + 1} {What}: {(text.Length > 100 ? text[..100] + "…" : text)}";
    }
}
