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
        if (typeof(T).IsAbstract) throw new ArgumentException($"{typeof(T).Name} is abstract and cannot be built: name the class that was saved.");
        var constructors = typeof(T).GetConstructors(Instance).OrderByDescending(candidate => candidate.GetParameters().Length).ToList();
        var constructor = constructors.Find(candidate => candidate.GetParameters().All(parameter => parameter.HasDefaultValue || Knows(parameter, saved, overrides)))
            ?? throw Incomplete(typeof(T), constructors[0], saved, overrides, path);
        var parameters = constructor.GetParameters();
        foreach (var key in overrides?.Keys ?? [])
        {
            if (!Array.Exists(parameters, parameter => parameter.Name == key))
                throw new CheckpointException($"{typeof(T).Name} has no constructor argument '{key}'. It has: {Names(parameters)}.{NearestName.Hint(key, parameters.Select(parameter => parameter.Name!))}"); // compiled from C#
        }

        var inside = parameters.SelectMany(parameter => StateValue.Map(saved.GetValueOrDefault(parameter.Name!))?.Keys ?? []).ToHashSet(); // of what was stored under one name
        var dropped = saved.Keys.Where(key => !Array.Exists(parameters, parameter => parameter.Name == key) && !inside.Contains(key) && saved[key] is not IReadOnlyDictionary<string, object?>).ToList();
        if (dropped.Count > 0)
            messages.Warn(MessageId.Information, $"{path} holds hyper-parameters that {typeof(T).Name}'s constructor does not take; they are not used: {Quoted.Text(string.Join(", ", dropped))}.");
        return (T)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [.. parameters.Select(parameter => Value(parameter, saved, overrides, path, typeof(T)))], null);
    }

    /// <summary>The arguments that a file holds. A dictionary or record that was stored under one name goes back to the parameter of that name.</summary>
    public static Dictionary<string, object?> Saved(LoadedCheckpoint file, string key, string nameKey)
    {
        var saved = StateValue.Map(file.GetValueOrDefault(key)) ?? new Dictionary<string, object?>();
        var arguments = saved.ToDictionary(entry => entry.Key, entry => entry.Value);
        if (file.GetValueOrDefault(nameKey) is string { Length: > 0 } name and not "kwargs") arguments.TryAdd(name, saved);
        return arguments;
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
        if (value is IReadOnlyDictionary<string, object?> map && RecordData.IsRecord(type)) return RecordData.Create(type, map, To);
        if (value is IReadOnlyDictionary<string, object?> entries && type == typeof(Dictionary<string, object?>)) return new Dictionary<string, object?>(entries);
        if (value is IEnumerable values && typeof(System.Runtime.CompilerServices.ITuple).IsAssignableFrom(type)) return Tuple(values, type);
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

    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "Tuples of the arguments of a constructor that the application keeps.")]
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Tuples of the arguments of a constructor that the application keeps.")]
    private static object Tuple(IEnumerable values, Type type)
    {
        var items = values.Cast<object?>().ToArray();
        var types = type.GetGenericArguments();
        return items.Length == types.Length && items.Length < 8
            ? Activator.CreateInstance(type, [.. items.Select((item, i) => To(item, types[i]))])! // no nullable type has items
            : throw new InvalidCastException($"A tuple of {types.Length} values is needed, there are {items.Length}.");
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
            $"{type.Name} cannot be built from {path}: it holds no value for {string.Join(", ", missing.Select(name => $"'{name}'"))}. It holds {(saved.Count == 0 ? "no hyper-parameters" : Quoted.Text(string.Join(", ", saved.Keys)))}. "
            + "Give the missing ones in the overrides; a partial class keeps all of its arguments when it is saved.");
    }

    private static string Names(ParameterInfo[] parameters) => parameters.Length == 0 ? "none" : string.Join(", ", parameters.Select(parameter => parameter.Name));
}
