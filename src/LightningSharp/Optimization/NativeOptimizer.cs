using TorchSharp;
using TorchSharp.Modules;

namespace LightningSharp.Optimization;

/// <summary>LBFGS lives in native code that gives out nothing but its learning rate.</summary>
internal static class NativeOptimizer
{
    public const string Limitation =
        "LBFGS is implemented in native code whose curvature history cannot be read: the checkpoint holds its learning rate only, and after resuming it builds the history up again, so that the numbers differ from an uninterrupted run.";

    public static IReadOnlyDictionary<string, object?> Save(LBFGS optimizer) => new Dictionary<string, object?>
    {
        ["state"] = new Dictionary<long, object?>(),
        ["param_groups"] = new List<object?> { new Dictionary<string, object?> { ["lr"] = optimizer.LearningRate, ["params"] = new List<object?>() } },
    };

    public static void Load(LBFGS optimizer, IReadOnlyDictionary<string, object?> data)
    {
        var groups = data.TryGetValue("param_groups", out var saved) && saved is not null ? StateValues.Items(saved, "param_groups") : [];
        if (groups is not [IReadOnlyDictionary<string, object?> group])
        {
            throw new CheckpointException($"The saved optimizer state holds {groups.Count} parameter groups, LBFGS has 1. The checkpoint was written with another optimizer.");
        }

        foreach (var controller in optimizer.ParamGroups)
        {
            controller.LearningRate = group.Number("lr", optimizer.LearningRate);
        }

        Synchronize(optimizer);
    }

    /// <summary>In TorchSharp 0.107 the learning rate of LBFGS's one group is a number that nobody reads: this hands it to the native optimizer.</summary>
    public static void Synchronize(torch.optim.Optimizer optimizer)
    {
        if (optimizer is LBFGS native && native.ParamGroups.FirstOrDefault() is { } group && group.LearningRate != native.LearningRate)
        {
            native.LearningRate = group.LearningRate;
        }
    }
}
