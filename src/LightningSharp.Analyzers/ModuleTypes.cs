using System.Linq;
using Microsoft.CodeAnalysis;

namespace LightningSharp.Analyzers;

/// <summary>What the rules need to know of the library's types; by name, because the compiler's process does not load the library.</summary>
internal static class ModuleTypes
{
    public static bool IsModule(INamedTypeSymbol type) => DerivesFrom(type, "LightningModule") || DerivesFrom(type, "DataModule");

    public static bool IsLightningModule(INamedTypeSymbol type) => DerivesFrom(type, "LightningModule");

    public static bool IsLibrary(INamedTypeSymbol? type) => type?.ContainingNamespace?.ToDisplayString() is "LightningSharp" or "LightningSharp.Data";

    /// <summary>Plain data: what could be written into a file. Modules, tensors and functions are no hyper-parameters.</summary>
    public static bool IsHyperParameter(IParameterSymbol parameter)
        => parameter.RefKind == RefKind.None && !parameter.Type.IsRefLikeType && parameter.Type.TypeKind is not (TypeKind.Delegate or TypeKind.Pointer or TypeKind.FunctionPointer)
            && parameter.Type.ContainingNamespace?.ToDisplayString().StartsWith("TorchSharp", System.StringComparison.Ordinal) != true
            && !IsTorchModule(parameter.Type)
            && !parameter.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "HyperParameterIgnoreAttribute");

    public static bool IsTorchModule(ITypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.Name == "Module" && current.ContainingType?.Name == "nn") return true;
        }

        return false;
    }

    private static bool DerivesFrom(INamedTypeSymbol type, string name)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (current.Name == name && current.IsGenericType && current.ContainingNamespace.ToDisplayString() == "LightningSharp") return true;
        }

        return false;
    }
}
