using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace LightningSharp.Data.Shapes;

/// <summary>Builds the shape of a type: once per type, before the first batch.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Applications keep their own types (see build/LightningSharp.targets); framework collections are rooted below.")]
[UnconditionalSuppressMessage("Trimming", "IL2055", Justification = "See above.")]
[UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "See above.")]
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "See above.")]
[UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Shapes of reference types share code, which RootForAheadOfTime keeps.")]
internal static class BatchShapes
{
    private static readonly Dictionary<Type, IBatchShape> Known = [];
    private static readonly Lock Gate = new();

    /// <summary>The shape for a value's run-time type.</summary>
    public static IBatchShape Of(Type type)
    {
        lock (Gate)
        {
            if (!Known.TryGetValue(type, out var shape)) Known[type] = shape = Create(type);
            return shape;
        }
    }

    public static IBatchShape Create(Type type)
    {
        if (type == typeof(Tensor)) return new TensorShape();
        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(DateTime)) return Make(typeof(LeafShape<>), type);
        if (Implements(type, typeof(IBatch<>)) is not null) return Make(typeof(SelfMovingShape<>), type);
        if (type.IsArray) return type.GetArrayRank() == 1 ? Make(typeof(ArrayShape<>), type.GetElementType()!) : Make(typeof(LeafShape<>), type); // not null for an array
        if (type == typeof(object) || type.IsInterface || type.IsAbstract) return Make(typeof(DynamicShape<>), type);
        if (TupleShape(type) is { } tuple) return tuple;
        if (Implements(type, typeof(IDictionary<,>)) is { } map && !type.IsValueType) return Make(typeof(DictionaryShape<,,>), [type, .. map.GetGenericArguments()]);
        if (Implements(type, typeof(IList<>)) is { } list && !type.IsValueType) return Make(typeof(ListShape<,>), type, list.GetGenericArguments()[0]);
        return Make(typeof(MemberShape<>), type);
    }

    private static IBatchShape? TupleShape(Type type)
    {
        if (!type.IsGenericType || type.FullName is not { } name || !name.StartsWith("System.ValueTuple`", StringComparison.Ordinal)) return null;
        var parts = type.GetGenericArguments();
        return parts.Length switch
        {
            1 => Make(typeof(TupleShape<>), parts),
            2 => Make(typeof(TupleShape<,>), parts),
            3 => Make(typeof(TupleShape<,,>), parts),
            4 => Make(typeof(TupleShape<,,,>), parts),
            5 => Make(typeof(TupleShape<,,,,>), parts),
            _ => null,
        };
    }

    private static Type? Implements(Type type, Type definition)
        => type.GetInterfaces().FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == definition);

    private static IBatchShape Make(Type definition, params Type[] arguments)
        => (IBatchShape)Activator.CreateInstance(definition.MakeGenericType(arguments), nonPublic: true)!; // not null: the type has a constructor

    /// <summary>Never called: makes the ahead-of-time compiler keep the code that all reference types share.</summary>
    internal static IBatchShape[] RootForAheadOfTime() =>
    [
        new TupleShape<object>(), new TupleShape<object, object>(), new TupleShape<object, object, object>(), new TupleShape<object, object, object, object>(),
        new TupleShape<object, object, object, object, object>(), new ArrayShape<object>(), new ListShape<List<object>, object>(),
        new DictionaryShape<Dictionary<string, object>, string, object>(), new MemberShape<object>(), new DynamicShape<object>(), new LeafShape<string>(),
    ];
}
