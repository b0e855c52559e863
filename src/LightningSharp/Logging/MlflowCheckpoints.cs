namespace LightningSharp.Logging;

/// <summary>Which checkpoints <see cref="MlflowLogger"/> uploads.</summary>
public enum MlflowCheckpoints
{
    /// <summary>Every one when it is saved.</summary>
    EachSave,

    /// <summary>The best one, or the latest where none is best, when the run has succeeded.</summary>
    BestAtEnd,
}
