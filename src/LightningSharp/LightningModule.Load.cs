using System.Diagnostics.CodeAnalysis;
using LightningSharp.Checkpointing;
using LightningSharp.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <content>Builds modules from checkpoints.</content>
public static partial class LightningModule
{
    /// <summary>
    /// Builds a module from a checkpoint: its constructor gets the saved hyper-parameters, then the weights are loaded, all or none. The type is the one that is named here;
    /// nothing in the file can choose another.
    /// </summary>
    /// <typeparam name="TModel">The module.</typeparam>
    /// <param name="path">A checkpoint of ours or of Python's Lightning.</param>
    /// <param name="overrides">Arguments by name; they win over the saved ones.</param>
    /// <param name="strict">Whether every key of the file must be in the module and the other way round; false says what is missing and unexpected.</param>
    /// <param name="mapKey">Renames keys of the file's weights; null leaves one out.</param>
    /// <exception cref="CheckpointException">The file is refused, an argument of the constructor is not known, or the weights do not fit.</exception>
    /// <example><code>var model = LightningModule.Load&lt;Cnn&gt;("best.ckpt");</code></example>
    public static TModel Load<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors)] TModel>(
        string path, IReadOnlyDictionary<string, object?>? overrides = null, bool strict = true, Func<string, string?>? mapKey = null)
        where TModel : nn.Module, ILightningModule
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = CheckpointFile.Read(path);
        var messages = new Messages(new ConsoleLog(), new HashSet<MessageId>());
        var model = ArgumentBinder.Create<TModel>(ArgumentBinder.Saved(file, "hyper_parameters", "hparams_name"), overrides, path, messages);
        try
        {
            model.LoadInto(file, strict, mapKey, path, messages);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void LoadInto(this nn.Module module, LoadedCheckpoint file, bool strict, Func<string, string?>? mapKey, string path, Messages messages)
    {
        if (module is ILateModule late) late.BuildLate();
        if (module is ILateModule loading) loading.TellOfLoad(file);
        var result = StateDictLoader.Load(module, file.StateDict(), new StateDictLoadOptions { Strict = strict, MapKey = mapKey });
        if (result.Missing.Count + result.Unexpected.Count > 0)
            messages.Warn(MessageId.Information, $"{path}: missing keys [{string.Join(", ", result.Missing)}], unexpected keys [{string.Join(", ", result.Unexpected)}].");
    }
}
