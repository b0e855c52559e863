using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>
/// Moves or converts a module as <c>to</c> does, and keeps weights that two layers share shared. TorchSharp makes new parameters on the way: the second layer would be left with the
/// freed old one.
/// </summary>
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "TorchSharp and the application's modules are kept whole, see build/LightningSharp.targets.")]
internal static class TiedWeights
{
    private const BindingFlags Everything = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private static readonly FieldInfo? Registered = typeof(nn.Module).GetField("_internal_params", Everything);

    /// <summary>Runs <paramref name="move"/> on the model.</summary>
    /// <exception cref="MisconfigurationException">The module has members that TorchSharp cannot tell apart, or shares a weight in a way that cannot be kept.</exception>
    public static void Move(nn.Module model, Action move)
    {
        var ties = Find(model);
        foreach (var tie in ties) tie.Put(new Parameter(empty(0)));
        try
        {
            move();
        }
        catch (ArgumentException exception) when (Ambiguous(model) is { } problem)
        {
            throw new MisconfigurationException(problem, exception);
        }
        finally
        {
            foreach (var tie in ties) tie.Restore();
        }

        Require(model);
    }

    // The first place of a parameter moves; every further place gets what the first one has afterwards.
    private static List<Tie> Find(nn.Module model)
    {
        var first = new Dictionary<Parameter, Place>(ReferenceEqualityComparer.Instance);
        var ties = new List<Tie>();
        foreach (var (path, owner) in model.named_modules().Prepend((string.Empty, model)))
        {
            if (Parameters(owner) is not { } own) continue;
            foreach (var (name, parameter) in own)
            {
                if (parameter is null) continue;
                var place = new Place(owner, name, path.Length == 0 ? name : $"{path}.{name}");
                if (!first.TryAdd(parameter, place) && (first[parameter].Owner != owner || first[parameter].Name != name)) ties.Add(new(first[parameter], place, parameter));
            }
        }

        return ties;
    }

    private static List<(string Name, Parameter? Parameter)>? Parameters(nn.Module module)
        => Registered?.GetValue(module) is IEnumerable<(string, Parameter)> own ? [.. own] : null;

    private static void Require(nn.Module model)
    {
        foreach (var (key, tensor) in model.state_dict())
        {
            if (!tensor.IsInvalid) continue;
            throw new MisconfigurationException(
                $"'{key}' of {model.GetType().Name} was freed when the module was moved or converted: it is shared with another layer in a way that cannot be kept. "
                + "Keep one layer and use its weight in forward (functional.linear(x, embedding.weight)), or tie the weights again in OnFitStart.");
        }
    }

    private static string? Ambiguous(nn.Module model)
    {
        foreach (var module in model.modules().Prepend(model))
        {
            var twice = module.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).GroupBy(property => property.Name).FirstOrDefault(group => group.Count() > 1);
            if (twice is null) continue;
            return $"{module.GetType().Name} has {twice.Count()} properties called '{twice.Key}' (a second indexer, or one that hides its base's with new): TorchSharp cannot move or convert such a module. "
                + "Rename one, or override instead of hiding.";
        }

        return null;
    }

    private sealed record Place(nn.Module Owner, string Name, string Path);

    private sealed class Tie(Place first, Place second, Parameter shared)
    {
        private Parameter _now = shared;

        // Registration and field: layers keep their parameters in both.
        public void Put(Parameter parameter)
        {
            if (Registered?.GetValue(second.Owner) is not { } own) return;
            own.GetType().GetProperty("Item", typeof(Parameter), [typeof(string)])?.SetValue(own, parameter, [second.Name]);
            for (var type = second.Owner.GetType(); type is not null && type != typeof(nn.Module); type = type.BaseType)
            {
                foreach (var field in type.GetFields(Everything))
                {
                    if (typeof(Tensor).IsAssignableFrom(field.FieldType) && ReferenceEquals(field.GetValue(second.Owner), _now)) field.SetValue(second.Owner, parameter);
                }
            }

            _now = parameter;
        }

        public void Restore()
        {
            var placeholder = Parameters(second.Owner)?.FirstOrDefault(entry => entry.Name == second.Name).Parameter ?? _now;
            _now = placeholder; // the move has made a new one of it, too
            if (Parameters(first.Owner)?.FirstOrDefault(entry => entry.Name == first.Name).Parameter is { } moved) Put(moved);
            placeholder.Dispose();
        }
    }
}
