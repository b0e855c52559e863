namespace LightningSharp.Logging;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>It reached its end, or was stopped on purpose by a callback or limit.</summary>
    Succeeded,

    /// <summary>It was cancelled by the user or a signal.</summary>
    Interrupted,

    /// <summary>It ended with an exception.</summary>
    Failed,
}
