using LightningSharp.Checkpointing;

namespace LightningSharp;

/// <content>What happens before weights are loaded without a Trainer.</content>
public abstract partial class LightningModule<TBatch, TInput, TOutput> : ILateModule
{
    void ILateModule.BuildLate()
    {
        ConfigureModel();
        RegisterComponents();
    }

    void ILateModule.TellOfLoad(LoadedCheckpoint file)
    {
        var checkpoint = new Checkpoint();
        foreach (var (key, value) in file) checkpoint[key] = value;
        OnLoadCheckpoint(checkpoint);
    }
}
