using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LightningSharp.Analyzers;

/// <summary>Mistakes in modules that the compiler accepts and a run would only show late: see <c>docs/analyzers.md</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ModuleAnalyzer : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor PythonName = new(
        "LS0101", "A hook in Python's spelling is never called", "'{0}' is never called: the hook is named '{1}' here, with 'override'", "LightningSharp", DiagnosticSeverity.Warning, true);

    private static readonly DiagnosticDescriptor AsyncStep = new(
        "LS0201", "A step must not be async", "'{0}' must run on one thread from beginning to end: remove 'async' and load data in the loader instead", "LightningSharp", DiagnosticSeverity.Warning, true);

    private static readonly DiagnosticDescriptor PlainCollection = new(
        "LS0301", "Modules in a plain collection are not trained", "'{0}' is a {1} of modules, where TorchSharp does not find them: use ModuleList or ModuleDict", "LightningSharp", DiagnosticSeverity.Warning, true);

    private static readonly DiagnosticDescriptor NotPartial = new(
        "LS0401", "Hyper-parameters may be incomplete", "Make '{0}' partial, and every argument of its constructor is saved as a hyper-parameter, also those that no member keeps", "LightningSharp",
        DiagnosticSeverity.Info, true);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [PythonName, AsyncStep, PlainCollection, NotPartial];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Check, SymbolKind.NamedType);
    }

    private static void Check(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind != TypeKind.Class || !ModuleTypes.IsModule(type)) return;
        foreach (var member in type.GetMembers())
        {
            if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method) Check(context, type, method);
            if (member is IFieldSymbol { AssociatedSymbol: null } field && ModuleTypes.IsLightningModule(type)) Check(context, field.Type, field);
            if (member is IPropertySymbol property && ModuleTypes.IsLightningModule(type)) Check(context, property.Type, property);
        }

        var declaration = type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(context.CancellationToken)).OfType<ClassDeclarationSyntax>()
            .FirstOrDefault(part => part.ParameterList?.Parameters.Count > 0);
        if (declaration is not null && !declaration.Modifiers.Any(SyntaxKind.PartialKeyword) && type.GetMembers("HyperParameters").Length == 0)
            context.ReportDiagnostic(Diagnostic.Create(NotPartial, declaration.Identifier.GetLocation(), type.Name));
    }

    private static void Check(SymbolAnalysisContext context, INamedTypeSymbol type, IMethodSymbol method)
    {
        if (method.Name.Contains("_") && Hook(type, Pascal(method.Name)) is { } hook)
            context.ReportDiagnostic(Diagnostic.Create(PythonName, method.Locations[0], method.Name, hook));
        if (method.IsAsync && (method.IsOverride || Hook(type, method.Name) is not null) && method.Name.EndsWith("Step", System.StringComparison.Ordinal))
            context.ReportDiagnostic(Diagnostic.Create(AsyncStep, method.Locations[0], method.Name));
    }

    private static void Check(SymbolAnalysisContext context, ITypeSymbol type, ISymbol member)
    {
        var item = type switch
        {
            IArrayTypeSymbol array => array.ElementType,
            INamedTypeSymbol { IsGenericType: true, ContainingNamespace: { } space } generic when space.ToDisplayString().StartsWith("System.Collections", System.StringComparison.Ordinal) => generic.TypeArguments.Last(),
            _ => null,
        };
        if (item is not null && ModuleTypes.IsTorchModule(item)) context.ReportDiagnostic(Diagnostic.Create(PlainCollection, member.Locations[0], member.Name, type.Name.Length > 0 ? type.Name : "array"));
    }

    private static string? Hook(INamedTypeSymbol type, string name)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (ModuleTypes.IsLibrary(current) && current.GetMembers(name).Any(member => member is IMethodSymbol { IsVirtual: true } or IMethodSymbol { IsAbstract: true })) return name;
        }

        return null;
    }

    private static string Pascal(string name) => name switch
    {
        "train_dataloader" => "TrainDataLoader",
        "val_dataloader" => "ValidationDataLoader",
        "test_dataloader" => "TestDataLoader",
        "predict_dataloader" => "PredictDataLoader",
        _ => string.Concat(name.Split('_').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part.Substring(1))),
    };
}
