using System.Reflection;
using System.Reflection.Emit;

namespace LightningSharp.Metrics.Tests.Support;

/// <summary>The compiled instructions of a method, for tests of what the compiler put in unseen.</summary>
internal static class Instructions
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Each instruction with the method that it calls, if it calls one.</summary>
    internal static IEnumerable<(OpCode Code, MethodBase? Called)> Of(MethodBase method)
    {
        var bytes = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < bytes.Length;)
        {
            var value = bytes[at] == 0xFE ? (short)((0xFE << 8) | bytes[at + 1]) : bytes[at];
            var code = Codes[value];
            at += code.Size;
            yield return (code, code.OperandType == OperandType.InlineMethod ? Resolve(method, BitConverter.ToInt32(bytes, at)) : null);
            at += Width(code, bytes, at);
        }
    }

    /// <summary>Every method and constructor that an assembly contains, those the compiler made included.</summary>
    internal static IEnumerable<MethodBase> MethodsOf(Assembly assembly)
    {
        const BindingFlags own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return assembly.GetTypes().SelectMany(type => type.GetMethods(own).Cast<MethodBase>().Concat(type.GetConstructors(own)));
    }

    private static MethodBase? Resolve(MethodBase method, int token)
    {
        var onType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        return method.Module.ResolveMethod(token, onType, method.IsGenericMethod ? method.GetGenericArguments() : null);
    }

    private static int Width(OpCode code, byte[] bytes, int at) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(bytes, at)),
        _ => 4,
    };
}
