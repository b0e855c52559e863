using System.Reflection;
using LightningSharp.Diagnostics;

namespace LightningSharp.Tuning;

/// <summary>The property of a module or data module that a search finds the value of.</summary>
internal sealed class TunedAttribute
{
    private readonly object _holder;
    private readonly PropertyInfo _property;

    private TunedAttribute(object holder, PropertyInfo property) => (_holder, _property) = (holder, property);

    public string Name => $"{_holder.GetType().Name}.{_property.Name}";

    public double Value
    {
        get => Convert.ToDouble(_property.GetValue(_holder), System.Globalization.CultureInfo.InvariantCulture);
        set => _property.SetValue(_holder, Convert.ChangeType(value, Nullable.GetUnderlyingType(_property.PropertyType) ?? _property.PropertyType, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Looks for the property in the holders, in order.</summary>
    /// <exception cref="MisconfigurationException">None has it.</exception>
    public static TunedAttribute Find(Trainer trainer, string search, IReadOnlyList<string> names, string otherwise, params object?[] holders)
    {
        var found = new List<TunedAttribute>();
        foreach (var holder in holders)
        {
            foreach (var name in names)
            {
                if (holder?.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance) is { CanRead: true, CanWrite: true } property && IsNumber(property.PropertyType))
                    found.Add(new(holder, property));
            }
        }

        if (found.Count == 0)
        {
            throw new MisconfigurationException(
                $"{search} found no property {string.Join(" or ", names)} of a number type with a setter on {string.Join(" or ", holders.OfType<object>().Select(holder => holder.GetType().Name))}. {otherwise}");
        }

        if (found.Count > 1)
            trainer.Messages.Warn(MessageId.Information, $"{search} found several properties: {string.Join(", ", found.Select(attribute => attribute.Name))}. The first one is used.");
        return found[0];
    }

    private static bool IsNumber(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) is >= TypeCode.SByte and <= TypeCode.Decimal;
}
