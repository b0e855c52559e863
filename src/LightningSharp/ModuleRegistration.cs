using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>Finds the sub-modules, parameters and buffers in a module's fields and registers them under the names that PyTorch would use.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Applications keep the fields of their modules, see build/LightningSharp.targets.")]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "See above.")]
internal static class ModuleRegistration
{
    /// <summary>Registers what is not registered yet, or was replaced by another object.</summary>
    /// <param name="module">The module.</param>
    /// <param name="stopAt">The library's own base class, whose fields are not the user's.</param>
    /// <param name="registrar">Access to the module's insides.</param>
    /// <param name="includeBuffers">Whether tensors in fields become buffers: only before the first step, or a remembered loss would become one.</param>
    public static void Register(nn.Module module, Type stopAt, IModuleRegistrar registrar, bool includeBuffers)
    {
        foreach (var (field, name) in Fields(module.GetType(), stopAt))
        {
            switch (field.GetValue(module))
            {
                case nn.Module child when !registrar.TryGetModule(name, out var known) || !ReferenceEquals(known, child):
                    registrar.Add(name, child);
                    break;
                case TorchSharp.Modules.Parameter parameter when !registrar.TryGetParameter(name, out var known) || !ReferenceEquals(known, parameter):
                    registrar.Add(name, parameter);
                    break;
                case TorchSharp.Modules.Parameter:
                    break;
                case Tensor buffer when includeBuffers && !registrar.HasBuffer(name):
                    registrar.Add(name, buffer);
                    break;
            }
        }
    }

    /// <summary>Refuses lists, arrays and dictionaries of modules: their parameters would not be trained.</summary>
    /// <exception cref="MisconfigurationException">A field holds modules in a plain collection.</exception>
    public static void RefuseCollections(nn.Module module, Type stopAt)
    {
        foreach (var (field, name) in Fields(module.GetType(), stopAt))
        {
            if (field.GetValue(module) is not IEnumerable items || items is nn.Module or string or Tensor) continue;
            var values = items is IDictionary map ? map.Values : items as ICollection;
            if (values is null || !values.OfType<nn.Module>().Any()) continue;
            var replacement = items is IDictionary ? "ModuleDict" : "ModuleList";
            throw new MisconfigurationException(
                $"{module.GetType().Name}.{name} is a {field.FieldType.Name} of modules: TorchSharp does not find them there, and their parameters would not be trained. "
                + $"Use a TorchSharp.Modules.{replacement}, for example: private readonly {replacement}<Module<Tensor, Tensor>> {name} = nn.{replacement}(...);");
        }
    }

    /// <summary>The first field whose layer or parameter is not the registered one any more; null when all are.</summary>
    public static string? Replaced(nn.Module module, Type stopAt, IModuleRegistrar registrar)
    {
        foreach (var (field, name) in Fields(module.GetType(), stopAt))
        {
            switch (field.GetValue(module))
            {
                case nn.Module child when registrar.TryGetModule(name, out var known) && !ReferenceEquals(known, child):
                case TorchSharp.Modules.Parameter parameter when registrar.TryGetParameter(name, out var registered) && !ReferenceEquals(registered, parameter):
                    return name;
            }
        }

        return null;
    }

    private static IEnumerable<(FieldInfo Field, string Name)> Fields(Type type, Type stopAt)
    {
        // Base classes first, so that the order of parameters is that of the constructors, as in Python.
        var hierarchy = new Stack<Type>();
        for (var current = type; current is not null && current != stopAt && current != typeof(object); current = current.BaseType) hierarchy.Push(current);
        foreach (var current in hierarchy)
        {
            foreach (var field in current.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (!field.FieldType.IsValueType && field.FieldType != typeof(string)) yield return (field, Name(field));
            }
        }
    }

    // <conv1>k__BackingField of an auto-property, <conv1>P of a captured constructor parameter: the user wrote conv1.
    private static string Name(FieldInfo field)
        => field.GetCustomAttribute<TorchSharp.Utils.ComponentNameAttribute>()?.Name is { Length: > 0 } chosen ? chosen
            : field.Name[0] == '<' && field.Name.IndexOf('>', StringComparison.Ordinal) is > 1 and var end ? field.Name[1..end]
            : field.Name;
}
