using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace LightningSharp;

/// <summary>
/// Reads the arguments that an object was built with. C# keeps the parameters of a primary constructor that a member uses in fields; a field or property of the
/// same name (in any case, with or without underscore) serves as well. Parameters of which nothing is left are not known and are left out.
/// </summary>
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Applications keep their own modules, see build/LightningSharp.targets.")]
internal static class HyperParameterCapture
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static IReadOnlyDictionary<string, object?> Read(object instance)
    {
        var values = new Dictionary<string, object?>();
        var constructor = instance.GetType().GetConstructors(Instance).OrderByDescending(candidate => candidate.GetParameters().Length).FirstOrDefault();
        foreach (var parameter in constructor?.GetParameters() ?? [])
        {
            if (!parameter.IsDefined(typeof(HyperParameterIgnoreAttribute)) && parameter.Name is { } name && TryFind(instance, name, out var value) && PlainData.TryConvert(value, out var plain)) values[name] = plain;
        }

        return values;
    }

    private static bool TryFind(object instance, string name, out object? value)
    {
        for (var type = instance.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(Instance | BindingFlags.DeclaredOnly))
            {
                var bare = field.Name.StartsWith('<') ? field.Name[1..Math.Max(1, field.Name.IndexOf('>', StringComparison.Ordinal))] : field.Name.TrimStart('_');
                if (!string.Equals(bare, name, StringComparison.OrdinalIgnoreCase)) continue;
                value = field.GetValue(instance);
                return true;
            }
        }

        value = null;
        return false;
    }
}
