using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using LightningSharp.Diagnostics;

namespace LightningSharp.Checkpointing;

/// <summary>Calls the constructor of a type that the program chose with the arguments that a file holds.</summary>
internal static class ArgumentBinder
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static T Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors)] T>(
        IReadOnlyDictionary<string, object?> saved, IReadOnlyDictionary<string, object?>? overrides, string path, Messages messages)
    {
        var constructors = typeof(T).GetConstructors(Instance).OrderByDescending(candidate => candidate.GetParameters().Length).ToList();
        var constructor = constructors.Find(candidate => candidate.GetParameters().All(parameter => parameter.HasDefaultValue || Knows(parameter, saved, overrides)))
            ?? throw Incomplete(typeof(T), constructors[0], saved, overrides, path);
        var parameters = constructor.GetParameters();
        foreach (var key in overrides?.Keys ?? [])
        {
            if (!Array.Exists(parameters, parameter => parameter.Name == key))
                throw new CheckpointException($"{typeof(T).Name} has no constructor argument '{key}'. It has: {Names(parameters)}.");
        }

        var dropped = saved.Keys.Where(key => !Array.Exists(parameters, parameter => parameter.Name == key) && saved[key] is not IReadOnlyDictionary<string, object?>).ToList();
        if (dropped.Count > 0)
            messages.Warn(MessageId.Information, $"{path} holds hyper-parameters that {typeof(T).Name}'s constructor does not take; they are not used: {Quoted.Text(string.Join(", ", dropped))}.");
        return (T)constructor.Invoke([.. parameters.Select(parameter => Value(parameter, saved, overrides, path, typeof(T)))]);
    }

    private static bool Knows(ParameterInfo parameter, IReadOnlyDictionary<string, object?> saved, IReadOnlyDictionary<string, object?>? overrides)
        => parameter.Name is { } name && (saved.ContainsKey(name) || overrides?.ContainsKey(name) == true);

    private static object? Value(ParameterInfo parameter, IReadOnlyDictionary<string, object?> saved, IReadOnlyDictionary<string, object?>? overrides, string path, Type owner)
    {
        var name = parameter.Name!; // of a constructor that was compiled from C#
        if (overrides?.TryGetValue(name, out var given) == true) return Convert(given, parameter.ParameterType, name, "the overrides", owner);
        if (!saved.TryGetValue(name, out var value)) return parameter.DefaultValue;
        return Convert(value, parameter.ParameterType, name, path, owner);
    }

    private static object? Convert(object? value, Type type, string name, string source, Type owner)
    {
        try
        {
            return To(value, type);
        }
        catch (Exception exception) when (exception is InvalidCastException or FormatException or OverflowException or ArgumentException)
        {
            throw new CheckpointException(
                $"The argument '{name}' of {owner.Name} is a {type.Name}, but {source} holds {Quoted.Text(System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null")}. Give it in the overrides.", exception);
        }
    }

    private static object? To(object? value, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return value is null ? null : To(value, inner);
        if (value is null) return type.IsValueType ? throw new InvalidCastException() : null;
        if (type.IsInstanceOfType(value)) return value;
        if (value is string text) return FromText(text, type);
        if (type.IsEnum) return Enum.ToObject(type, value);
        if (value is IEnumerable items && Element(type) is { } element) return List(items, element, type);
        return System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
    }

    private static object FromText(string text, Type type)
    {
        if (type.IsEnum) return Enum.Parse(type, text);
        if (type == typeof(TimeSpan)) return TimeSpan.Parse(text, CultureInfo.InvariantCulture);
        if (type == typeof(Guid)) return Guid.Parse(text);
        if (type == typeof(Uri)) return new Uri(text, UriKind.RelativeOrAbsolute);
        return System.Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
    }

    private static Type? Element(Type type) => type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericArguments() is [var only] && typeof(IEnumerable).IsAssignableFrom(type) ? only : null;

    // Arrays serve as every read-only list; the few element types of hyper-parameters are named, so that nothing has to be made by reflection.
    private static Array List(IEnumerable items, Type element, Type type)
    {
        var values = items.Cast<object?>().Select(item => To(item, element)).ToArray();
        Array array = element == typeof(int) ? new int[values.Length] : element == typeof(long) ? new long[values.Length] : element == typeof(double) ? new double[values.Length]
            : element == typeof(float) ? new float[values.Length] : element == typeof(bool) ? new bool[values.Length] : element == typeof(string) ? new string[values.Length]
            : throw new InvalidCastException($"Lists of {element.Name} cannot be built.");
        for (var i = 0; i < values.Length; i++) array.SetValue(values[i], i);
        return type.IsInstanceOfType(array) ? array : throw new InvalidCastException($"A {type.Name} cannot be built.");
    }

    private static CheckpointException Incomplete(
        Type type, ConstructorInfo constructor, IReadOnlyDictionary<string, object?> saved, IReadOnlyDictionary<string, object?>? overrides, string path)
    {
        var missing = constructor.GetParameters().Where(parameter => !parameter.HasDefaultValue && !Knows(parameter, saved, overrides)).Select(parameter => parameter.Name);
        return new CheckpointException(
            $"{type.Name} cannot be built from {path}: it holds no value for {string.Join(", ", missing.Select(name => $"'{name}'"))}. It holds: {Quoted.Text(string.Join(", ", saved.Keys))}. "
            + "Give the missing ones in the overrides; a partial class keeps all of its arguments when it is saved.");
    }

    private static string Names(ParameterInfo[] parameters) => parameters.Length == 0 ? "none" : string.Join(", ", parameters.Select(parameter => parameter.Name));
}
