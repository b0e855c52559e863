using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using static TorchSharp.torch;

namespace LightningSharp.Data.Shapes;

/// <summary>A record, class or struct: its public settable (or init-only) properties and public fields. Copies are shallow, with the tensors replaced.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2090", Justification = "Applications keep their own types, see build/LightningSharp.targets.")]
internal sealed class MemberShape<T> : BatchShape<T>
{
    private static readonly MethodInfo Clone = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!; // part of every object
    private readonly Member[] _members;

    public MemberShape()
    {
        const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public;
        var properties = typeof(T).GetProperties(Public)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0 && BackingField(property) is not null)
            .Select(property => new Member(BackingField(property)!)); // filtered above
        var fields = typeof(T).GetFields(Public).Select(field => new Member(field));
        _members = [.. properties.Concat(fields).Where(member => member.MayHoldTensors)];
    }

    public override bool HoldsTensors => _members.Length > 0;

    public override void Collect(T value, List<Tensor> tensors)
    {
        if (value is null) return;
        foreach (var member in _members)
        {
            if (member.Field.GetValue(value) is { } part) member.ShapeOf(part).CollectObject(part, tensors);
        }
    }

    public override T Map(T value, TensorMap map)
    {
        if (value is null || _members.Length == 0) return value;
        object? copy = null;
        foreach (var member in _members)
        {
            if (member.Field.GetValue(value) is not { } part) continue;
            var mapped = member.ShapeOf(part).MapObject(part, map);
            if (ReferenceEquals(mapped, part)) continue;
            copy ??= Clone.Invoke(value, null)!; // a copy of a non-null value
            member.Field.SetValue(copy, mapped);
        }

        return copy is null ? value : (T)copy;
    }

    private static FieldInfo? BackingField(PropertyInfo property)
        => property.DeclaringType?.GetField($"<{property.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>A field that may hold tensors; a batch type with fast access implements <see cref="IBatch{TSelf}"/>.</summary>
    private sealed class Member(FieldInfo info)
    {
        private readonly IBatchShape? _shape = info.FieldType.IsSealed || info.FieldType.IsValueType ? BatchShapes.Of(info.FieldType) : null;

        public FieldInfo Field => info;

        public bool MayHoldTensors => _shape?.HoldsTensors ?? true;

        public IBatchShape ShapeOf(object part) => _shape ?? BatchShapes.Of(part.GetType());
    }
}
