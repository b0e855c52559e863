using System.Diagnostics.CodeAnalysis;
using LightningSharp.Checkpointing;
using LightningSharp.Diagnostics;

namespace LightningSharp;

/// <summary>Builds data modules from checkpoints.</summary>
public static class DataModule
{
    /// <summary>
    /// Builds a data module from a checkpoint: its constructor gets the hyper-parameters that were saved beside the module's, then it gets its own state where it is
    /// <see cref="IStateful"/> and the file has one. The type is the one that is named here; nothing in the file can choose another.
    /// </summary>
    /// <typeparam name="TData">The data module.</typeparam>
    /// <param name="path">A checkpoint of ours or of Python's Lightning.</param>
    /// <param name="overrides">Arguments by name; they win over the saved ones.</param>
    /// <exception cref="CheckpointException">The file is refused, or an argument of the constructor is not known.</exception>
    /// <example><code>var data = DataModule.Load&lt;Digits&gt;("best.ckpt", new Dictionary&lt;string, object?&gt; { ["batchSize"] = 256 });</code></example>
    public static TData Load<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors)] TData>(
        string path, IReadOnlyDictionary<string, object?>? overrides = null)
        where TData : class, IDataModule
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = CheckpointFile.Read(path);
        var data = ArgumentBinder.Create<TData>(ArgumentBinder.Saved(file, "datamodule_hyper_parameters", "datamodule_hparams_name"), overrides, path, new Messages(new ConsoleLog(), new HashSet<MessageId>()));
        if (data is IStateful stateful && StateValue.Map(file.GetValueOrDefault(typeof(TData).Name)) is { } state) stateful.LoadStateDict(state);
        return data;
    }
}
