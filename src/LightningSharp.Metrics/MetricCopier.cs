using System.Reflection;

namespace LightningSharp.Metrics;

/// <summary>Makes a metric with the settings of another: the constructor's arguments are found again in properties or captured parameters of the same names.</summary>
internal static class MetricCopier
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    internal static Metric CreateLike(Metric metric)
    {
        var type = metric.GetType();
        var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .OrderByDescending(c => c.GetParameters().Length)
            .First();
        var arguments = constructor.GetParameters().Select(p => Find(metric, type, p)).ToArray();
        var copy = (Metric)constructor.Invoke(arguments);
        CopyInitOnly(metric, copy, constructor);
        return copy;
    }

    private static object? Find(Metric metric, Type type, ParameterInfo parameter)
    {
        var name = parameter.Name!; // C# parameters have names
        for (var level = type; level is not null && level != typeof(Metric); level = level.BaseType)
        {
            // The compiler calls the field of a captured primary-constructor parameter "<name>P".
            var field = level.GetField($"<{name}>P", Own) ?? level.GetField("_" + name, Own);
            if (field is not null && field.FieldType == parameter.ParameterType) return Fresh(field.GetValue(metric));
        }

        var property = type.GetProperty(char.ToUpperInvariant(name[0]) + name[1..]);
        if (property is not null && property.PropertyType == parameter.ParameterType) return Fresh(property.GetValue(metric));
        throw new InvalidOperationException(
            $"{metric.GetName()} cannot be cloned: its constructor argument \"{name}\" is kept in no property or field of that name and type. Keep it there, or override CreateFresh.");
    }

    // A metric inside a metric is copied too: two wrappers must not update one inner metric.
    private static object? Fresh(object? value) => value switch
    {
        Metric inner => inner.Clone(),
        _ => value,
    };

    private static void CopyInitOnly(Metric from, Metric to, ConstructorInfo constructor)
    {
        foreach (var property in from.GetType().GetProperties())
        {
            if (property is { CanWrite: true, CanRead: true } && property.DeclaringType!.IsAssignableTo(typeof(Metric))
                && property.GetIndexParameters().Length == 0
                && !constructor.GetParameters().Any(p => string.Equals(p.Name, property.Name, StringComparison.OrdinalIgnoreCase))
                && property.SetMethod!.IsPublic && !property.SetMethod.IsStatic)
            {
                property.SetValue(to, property.GetValue(from));
            }
        }
    }
}
