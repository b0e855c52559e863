namespace LightningSharp.Checkpointing;

/// <summary>What becomes of an error while a checkpoint is written in the background.</summary>
public enum SaveErrorPolicy
{
    /// <summary>Thrown once, by the next <see cref="BackgroundCheckpointWriter.Save"/> or <see cref="BackgroundCheckpointWriter.Wait"/>, after it was reported.</summary>
    Throw,

    /// <summary>Only reported; training goes on and the next save is tried.</summary>
    Report,
}
