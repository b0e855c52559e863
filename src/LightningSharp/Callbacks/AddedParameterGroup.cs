using System.Reflection;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>Adds a parameter group of the right type to an optimizer that is in use; settings that are not given are those the optimizer was made with.</summary>
internal static class AddedParameterGroup
{
    /// <exception cref="MisconfigurationException">The optimizer is of a kind whose groups cannot be made.</exception>
    public static void To(optim.Optimizer optimizer, Parameter[] parameters, double learningRate)
    {
        var type = optimizer.ParamGroups.OfType<ParamGroup>().FirstOrDefault()?.GetType();
        var options = type?.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.PropertyType).FirstOrDefault(property => property.IsSubclassOf(typeof(OptimizerOptions)));
        if (type is null || options is null || Activator.CreateInstance(type) is not ParamGroup group || Activator.CreateInstance(options) is not OptimizerOptions settings)
        {
            throw new MisconfigurationException(
                $"{optimizer.GetType().Name} takes no further parameter groups. Use one of TorchSharp's managed optimizers (SGD, Adam, AdamW, …), or give it all groups from the start.");
        }

        settings.LearningRate = learningRate;
        group.Parameters = parameters; // an array: the optimizer walks it at every step
        group.Options = settings;
        optimizer.add_param_group(group);
    }
}
