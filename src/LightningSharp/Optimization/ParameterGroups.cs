using System.Reflection;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Optimization;

/// <summary>
/// Sorts the parameters of a model into groups with settings of their own, in the group type of the optimizer at hand. Settings that are not mentioned stay those of the
/// optimizer; TorchSharp's group constructors on the other hand bring defaults of their own along, such as a learning rate.
/// </summary>
/// <example><code>
/// var optimizer = new AdamW(ParameterGroups.WithoutDecayForBiasAndNorm&lt;AdamW.ParamGroup&gt;(this, weightDecay: 0.1), lr: 3e-4);
/// </code></example>
public static class ParameterGroups
{
    /// <summary>
    /// Two groups: weights with weight decay, and biases and the parameters of normalization layers without. A layer counts as normalization when its type name holds
    /// "Norm" (LayerNorm, BatchNorm2d, GroupNorm, and RMSNorm classes of one's own); a bias is a parameter named "bias" or ending in "_bias".
    /// </summary>
    /// <typeparam name="TGroup">The group type of the optimizer, for instance <c>AdamW.ParamGroup</c>.</typeparam>
    /// <param name="module">The model.</param>
    /// <param name="weightDecay">The weight decay of the first group.</param>
    /// <returns>The groups that have parameters, the one with decay first; shared parameters once.</returns>
    /// <exception cref="ArgumentException">The optimizer has no weight decay.</exception>
    public static IReadOnlyList<TGroup> WithoutDecayForBiasAndNorm<TGroup>(nn.Module module, double weightDecay)
        where TGroup : ParamGroup, new()
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        List<Parameter> decayed = [];
        List<Parameter> exempt = [];
        HashSet<Parameter> seen = new(ReferenceEqualityComparer.Instance);
        foreach (var part in module.modules().Prepend(module))
        {
            var isNorm = part.GetType().Name.Contains("Norm", StringComparison.OrdinalIgnoreCase);
            foreach (var (name, parameter) in part.named_parameters(recurse: false))
            {
                if (seen.Add(parameter))
                {
                    var isBias = name == "bias" || name.EndsWith("_bias", StringComparison.Ordinal);
                    (isNorm || isBias ? exempt : decayed).Add(parameter);
                }
            }
        }

        List<TGroup> groups = [];
        Add(groups, decayed, weightDecay: weightDecay);
        Add(groups, exempt, weightDecay: 0);
        return groups;
    }

    /// <summary>
    /// A group for each layer, with a learning rate that falls by a factor from the last layer to the first: the layers near the output learn fastest
    /// (layer-wise decay, discriminative fine-tuning).
    /// </summary>
    /// <typeparam name="TGroup">The group type of the optimizer, for instance <c>AdamW.ParamGroup</c>.</typeparam>
    /// <param name="layers">The layers from input to output. Parameters that appear in several belong to the first.</param>
    /// <param name="learningRate">The learning rate of the last layer.</param>
    /// <param name="decay">The learning rate of a layer divided by that of the layer after it, greater than 0; 0.65 to 0.95 is usual.</param>
    /// <returns>The groups in the order of the layers; layers without parameters of their own have none.</returns>
    public static IReadOnlyList<TGroup> LayerWise<TGroup>(IReadOnlyList<nn.Module> layers, double learningRate, double decay)
        where TGroup : ParamGroup, new()
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(learningRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(decay);
        List<TGroup> groups = [];
        HashSet<Parameter> seen = new(ReferenceEqualityComparer.Instance);
        for (var layer = 0; layer < layers.Count; layer++)
        {
            Add(groups, [.. layers[layer].parameters().Where(seen.Add)], learningRate: learningRate * Math.Pow(decay, layers.Count - 1 - layer));
        }

        return groups;
    }

    /// <summary>Freezes the first layers and thaws the others.</summary>
    /// <param name="layers">The layers from input to output.</param>
    /// <param name="count">How many are frozen; negative counts from the end: −1 leaves only the last one to learn.</param>
    public static void FreezeTo(IReadOnlyList<nn.Module> layers, int count)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var frozen = count < 0 ? layers.Count + count : count;
        ArgumentOutOfRangeException.ThrowIfNegative(frozen, nameof(count));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frozen, layers.Count, nameof(count));
        for (var layer = 0; layer < layers.Count; layer++)
        {
            foreach (var parameter in layers[layer].parameters())
            {
                parameter.requires_grad = layer >= frozen;
            }
        }
    }

    private static void Add<TGroup>(List<TGroup> groups, List<Parameter> parameters, double? learningRate = null, double? weightDecay = null)
        where TGroup : ParamGroup, new()
    {
        if (parameters.Count == 0)
        {
            return;
        }

        // An array, so that the optimizer does not walk the module tree at every step.
        var group = new TGroup { Parameters = parameters.ToArray() };
        var options = NewOptions<TGroup>();
        options.LearningRate = learningRate;
        if (weightDecay is not null)
        {
            var field = options.GetType().GetField("weight_decay") ?? throw new ArgumentException(
                $"{typeof(TGroup).FullName} has no weight decay, so that no group can be freed from it. Use the groups of an optimizer with weight decay, such as AdamW.ParamGroup.", nameof(weightDecay));
            field.SetValue(options, weightDecay);
        }

        ((ParamGroup)group).Options = options;
        groups.Add(group);
    }

    private static OptimizerOptions NewOptions<TGroup>()
    {
        var type = typeof(TGroup).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => property.PropertyType)
            .FirstOrDefault(property => property.IsSubclassOf(typeof(OptimizerOptions)));
        return type is not null && Activator.CreateInstance(type) is OptimizerOptions options
            ? options
            : throw new ArgumentException($"{typeof(TGroup).FullName} is no group type of one optimizer. Name the one of the optimizer, such as AdamW.ParamGroup.");
    }
}
