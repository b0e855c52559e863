using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace LightningSharp.Data;

/// <summary>Puts the finished columns of a batch (tensors, or arrays of what is not numeric) into the user's batch type. Built once per loader.</summary>
internal static class BatchAssembler
{
    /// <summary>The function for <typeparamref name="TBatch"/>, or an error that says what fits.</summary>
    /// <param name="columns">Type of each column's batch: <see cref="Tensor"/> or an array type.</param>
    /// <param name="dataset">Where the columns come from, for the message.</param>
    public static Func<object[], TBatch> Create<TBatch>(IReadOnlyList<Type> columns, string dataset)
    {
        Type batch = typeof(TBatch);
        if (columns.Count == 1 && batch.IsAssignableFrom(columns[0]))
            return values => (TBatch)values[0];
        if (columns.Count == 2 && batch == typeof((Tensor, Tensor)) && columns.All(type => type == typeof(Tensor)))
            return (Func<object[], TBatch>)(object)new Func<object[], (Tensor, Tensor)>(values => ((Tensor)values[0], (Tensor)values[1]));
        if (batch == typeof(Tensor[]) && columns.All(type => type == typeof(Tensor)))
            return values => (TBatch)(object)Array.ConvertAll(values, value => (Tensor)value);
        return Construct<TBatch>(columns) ?? throw new MisconfigurationException(
            $"{dataset} gives {columns.Count} column(s) per batch ({string.Join(", ", columns.Select(Name))}), which cannot become {Name(batch)}. " +
            "Expected: one tensor, Tensor[], a tuple, or a type whose constructor takes exactly these columns in this order. " +
            "Change the loader's batch type, or build the batch yourself with dataset.Collate(items => ...).");
    }

    private static Func<object[], TBatch>? Construct<TBatch>(IReadOnlyList<Type> columns)
    {
        foreach (var constructor in typeof(TBatch).GetConstructors())
        {
            var parameters = constructor.GetParameters();
            if (parameters.Length != columns.Count || parameters.Length == 0)
                continue;
            if (!parameters.Zip(columns).All(pair => pair.First.ParameterType.IsAssignableFrom(pair.Second)))
                continue;
            var values = Expression.Parameter(typeof(object[]), "values");
            var arguments = parameters.Select((parameter, i) =>
                Expression.Convert(Expression.ArrayIndex(values, Expression.Constant(i)), parameter.ParameterType));
            return Expression.Lambda<Func<object[], TBatch>>(Expression.New(constructor, arguments), values)
                .Compile(preferInterpretation: !RuntimeFeature.IsDynamicCodeCompiled);
        }

        return null;
    }

    /// <summary>A type as C# writes it, for messages.</summary>
    internal static string Name(Type type)
    {
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";   // an array type has an element type
        if (!type.IsGenericType)
            return type.Name;
        string arguments = string.Join(", ", type.GetGenericArguments().Select(Name));
        return type.Name.StartsWith("ValueTuple", StringComparison.Ordinal) ? $"({arguments})" : $"{type.Name.Split('`')[0]}<{arguments}>";
    }
}
