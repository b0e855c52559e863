using LightningSharp.Checkpointing;

namespace LightningSharp;

/// <summary>What of a module happens before its weights are loaded, whatever its batch type.</summary>
internal interface ILateModule
{
    /// <summary>Makes the layers of <c>ConfigureModel</c> and registers them.</summary>
    void BuildLate();

    /// <summary>Shows the module what is about to be loaded.</summary>
    void TellOfLoad(LoadedCheckpoint file);
}
