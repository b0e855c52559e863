using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace LightningSharp;

/// <summary>
/// Finds hooks that the compiler accepts and that cannot work: <c>async void</c> overrides, which go on elsewhere while the next step runs, and members that hide a
/// hook with <c>new</c> (or by a missing <c>override</c>), which are never called. Looked at once per type.
/// </summary>
internal static class HookDeclarations
{
    private static readonly ConcurrentDictionary<Type, string> Problems = new();

    /// <exception cref="MisconfigurationException">A hook cannot work; the message names it and the remedy.</exception>
    public static void Require(object owner)
    {
        var problem = Problems.GetOrAdd(owner.GetType(), Find);
        if (problem.Length > 0) throw new MisconfigurationException(problem);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Methods that were trimmed away are not called either.")]
    private static string Find(Type type)
    {
        var problems = new List<string>();
        for (var declaring = type; declaring is not null && !IsOurs(declaring); declaring = declaring.BaseType)
        {
            foreach (var method in declaring.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (method.IsSpecialName || method.IsPrivate && !method.IsFinal || method.Name.Contains('.', StringComparison.Ordinal)) continue;
                Check(method, declaring, problems);
            }
        }

        return problems.Count == 0 ? string.Empty : $"{type.Name} has {problems.Count} hook(s) that cannot work:\n  - {string.Join("\n  - ", problems)}";
    }

    private static void Check(MethodInfo method, Type declaring, List<string> problems)
    {
        var isOverride = method.GetBaseDefinition() != method;
        if (isOverride && IsOurs(method.GetBaseDefinition().DeclaringType!) && method.IsDefined(typeof(AsyncStateMachineAttribute))) // a method has a type
        {
            problems.Add($"{method.Name} is async: the Trainer would not wait for it, and the next step would run beside it. Make it synchronous; wait with .GetAwaiter().GetResult() where it must be.");
            return;
        }

        if (!isOverride && Hidden(method, declaring) is { } hidden)
            problems.Add($"{method.Name} hides {hidden.DeclaringType!.Name.Split('`')[0]}.{method.Name} and is never called. Write override instead of new."); // a method has a type
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "See above.")]
    private static MethodInfo? Hidden(MethodInfo method, Type declaring)
    {
        var parameters = method.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        for (var type = declaring.BaseType; type is not null; type = type.BaseType)
        {
            if (!IsOurs(type)) continue;
            var known = type.GetMethod(method.Name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly, parameters);
            if (known is { IsVirtual: true }) return known;
        }

        return null;
    }

    private static bool IsOurs(Type type) => type.Assembly == typeof(HookDeclarations).Assembly || type == typeof(object);
}
