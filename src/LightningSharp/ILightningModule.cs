using LightningSharp.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>A Lightning module as callbacks and tools see it, who do not know its batch type. Derive from <see cref="LightningModule{TBatch}"/>, do not implement this.</summary>
public interface ILightningModule
{
    /// <summary>The module itself.</summary>
    nn.Module Module { get; }

    /// <summary>The Trainer that runs the module.</summary>
    /// <exception cref="InvalidOperationException">No entry point of a Trainer has taken the module yet.</exception>
    Trainer Trainer { get; }

    /// <summary>False for modules that call backward and step themselves.</summary>
    bool AutomaticOptimization { get; }

    /// <summary>Index of the running epoch; 0 without a Trainer.</summary>
    int CurrentEpoch { get; }

    /// <summary>Optimizer steps taken; 0 without a Trainer.</summary>
    long GlobalStep { get; }

    /// <summary>Where the module's parameters are, or will be.</summary>
    Device Device { get; }

    /// <summary>The arguments that the module was built with: plain data.</summary>
    IReadOnlyDictionary<string, object?> HyperParameters { get; }

    /// <inheritdoc cref="LightningModule{TBatch, TInput, TOutput}.ConfigureCallbacks"/>
    IEnumerable<Callback> ConfigureCallbacks();

    /// <inheritdoc cref="LightningModule{TBatch, TInput, TOutput}.Log(string, Tensor, bool, bool?, bool?, Reduction, int?, bool, bool)"/>
    void Log(
        string name, Tensor value, bool progressBar = false, bool? onStep = null, bool? onEpoch = null, Reduction reduction = Reduction.Mean, int? batchSize = null,
        bool logger = true, bool addDataLoaderIndex = true);

    /// <inheritdoc cref="LightningModule{TBatch, TInput, TOutput}.Log(string, double, bool, bool?, bool?, Reduction, int?, bool, bool)"/>
    void Log(
        string name, double value, bool progressBar = false, bool? onStep = null, bool? onEpoch = null, Reduction reduction = Reduction.Mean, int? batchSize = null,
        bool logger = true, bool addDataLoaderIndex = true);

    /// <inheritdoc cref="LightningModule{TBatch, TInput, TOutput}.Log(string, IMetric, bool, bool?, bool?, bool, bool)"/>
    void Log(
        string name, IMetric metric, bool progressBar = false, bool? onStep = null, bool? onEpoch = null, bool logger = true, bool addDataLoaderIndex = true);
}
