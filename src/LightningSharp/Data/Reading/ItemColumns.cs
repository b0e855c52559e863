using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace LightningSharp.Data.Reading;

/// <summary>Finds the parts of an item type: itself when it is a number, array, tensor or text; else the elements of a tuple or the parameters of a record. Runs once per loader.</summary>
internal static class ItemColumns
{
    public static ItemColumn<TItem>[] Of<TItem, TBatch>()
    {
        var item = Expression.Parameter(typeof(TItem), "item");
        if (typeof(TBatch).IsAssignableFrom(typeof(TItem[])) || IsSimple(typeof(TItem)))
            return [Create<TItem>("item", item, item)];
        var parts = Parts(typeof(TItem));
        return parts.Length == 0
            ? [Create<TItem>("item", item, item)]
            : [.. parts.Select(part => Create<TItem>(part.Name, item, Expression.PropertyOrField(item, part.Name)))];
    }

    private static bool IsSimple(Type type) =>
        ElementTypes.Of(type) is not null || type.IsArray || type.IsEnum || type == typeof(string) || type == typeof(Tensor);

    private static MemberInfo[] Parts(Type type)
    {
        if (type.IsValueType && typeof(ITuple).IsAssignableFrom(type))
            return type.GetFields();
        var constructors = type.GetConstructors().Where(constructor => constructor.GetParameters().Length > 0).ToArray();
        if (constructors.Length != 1)
            return [];
        var parameters = constructors[0].GetParameters();
        MemberInfo[] properties = [.. parameters.Select(parameter => type.GetProperty(parameter.Name ?? "")).OfType<PropertyInfo>()];
        return properties.Length == parameters.Length ? properties : [];
    }

    private static ItemColumn<TItem> Create<TItem>(string name, ParameterExpression item, Expression part)
    {
        Type type = part.Type;
        if (type == typeof(Tensor))
            return new TensorColumn<TItem>(name, Compile<Func<TItem, Tensor?>>(item, part));
        if (type.IsArray && ElementTypes.Of(type.GetElementType()!) is { } element)   // an array type has an element type
            return new ArrayColumn<TItem>(name, Compile<Func<TItem, Array?>>(item, Expression.Convert(part, typeof(Array))), element);
        var access = typeof(ItemColumns).GetMethod(nameof(Typed), BindingFlags.NonPublic | BindingFlags.Static)!;   // defined below
        return (ItemColumn<TItem>)access.MakeGenericMethod(typeof(TItem), type).Invoke(null, [name, item, part])!;
    }

    private static ItemColumn<TItem> Typed<TItem, T>(string name, ParameterExpression item, Expression part)
    {
        var read = Compile<Func<TItem, T>>(item, part);
        if (ElementTypes.Of(typeof(T)) is not { } dtype)
            return new ObjectColumn<TItem, T>(name, read);
        return (ItemColumn<TItem>)Activator.CreateInstance(typeof(NumberColumn<,>).MakeGenericType(typeof(TItem), typeof(T)), name, read, dtype)!;
    }

    private static TFunction Compile<TFunction>(ParameterExpression item, Expression body)
        where TFunction : Delegate =>
        Expression.Lambda<TFunction>(body, item).Compile(preferInterpretation: !RuntimeFeature.IsDynamicCodeCompiled);
}
