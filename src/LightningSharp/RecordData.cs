using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace LightningSharp;

/// <summary>
/// Records as hyper-parameters: a dictionary of their public properties, and back. Only records, because a record is data by its own word; building any other class
/// from a file could run what nobody asked for.
/// </summary>
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Applications keep their own types, see build/LightningSharp.targets.")]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Applications keep their own types, see build/LightningSharp.targets.")]
internal static class RecordData
{
    private const BindingFlags Everything = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The compiler gives every record a PrintMembers for its ToString.</summary>
    public static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Everything, [typeof(System.Text.StringBuilder)]) is not null;

    /// <summary>False for what is no record. Properties that are no data are left out.</summary>
    public static bool TryConvert(object record, out object? plain, int depth)
    {
        plain = null;
        if (!IsRecord(record.GetType())) return false;
        var values = new Dictionary<string, object?>();
        foreach (var property in Properties(record.GetType()))
        {
            if (PlainData.TryConvert(property.GetValue(record), out var value, depth + 1)) values[property.Name] = value;
        }

        plain = values;
        return true;
    }

    /// <summary>A record of a type that the program chose. Names that it has not are passed over; those that are not given keep their defaults.</summary>
    /// <param name="type">The record.</param>
    /// <param name="values">Values by name of a property, in any case.</param>
    /// <param name="to">Makes a value of a property's type.</param>
    /// <exception cref="InvalidCastException">A parameter of the constructor is missing.</exception>
    public static object Create(Type type, IReadOnlyDictionary<string, object?> values, Func<object?, Type, object?> to)
    {
        var given = new Dictionary<string, object?>(values, StringComparer.OrdinalIgnoreCase);
        var constructors = type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length).ToList();
        var chosen = constructors.Find(constructor => constructor.GetParameters().All(parameter => parameter.HasDefaultValue || (parameter.ParameterType != type && given.ContainsKey(parameter.Name!)))); // compiled from C#
        if (chosen is null && !type.IsValueType) throw new InvalidCastException($"{type.Name} has no constructor for {string.Join(", ", values.Keys)}.");
        var parameters = chosen?.GetParameters() ?? [];
        var record = chosen is null
            ? Activator.CreateInstance(type)! // the default of a struct
            : chosen.Invoke(BindingFlags.DoNotWrapExceptions, null, [.. parameters.Select(parameter => given.TryGetValue(parameter.Name!, out var value) ? to(value, parameter.ParameterType) : parameter.DefaultValue)], null);
        foreach (var property in Properties(type))
        {
            if (property.SetMethod is null || Array.Exists(parameters, parameter => string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase))) continue;
            if (given.TryGetValue(property.Name, out var value)) property.SetValue(record, to(value, property.PropertyType));
        }

        return record;
    }

    private static IEnumerable<PropertyInfo> Properties(Type type)
        => type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0);
}
