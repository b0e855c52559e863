namespace LightningSharp;

/// <summary>Every message that the library writes for people has an id, so that one can be silenced: <see cref="TrainerOptions.SilencedMessages"/>.</summary>
public enum MessageId
{
    /// <summary>A training step returned null.</summary>
    SkippedBatch = 1001,

    /// <summary>A scheduler's metric is missing, and it is not strict.</summary>
    MissingMonitor = 1002,

    /// <summary>No limit of the training was given.</summary>
    DefaultMaxEpochs = 1003,

    /// <summary>Validation data without a step, or a step without data.</summary>
    ValidationIncomplete = 1004,

    /// <summary>Modules are in eval mode when training starts.</summary>
    EvalModeModules = 1005,

    /// <summary>The tensors of a batch disagree about its size.</summary>
    AmbiguousBatchSize = 1006,

    /// <summary>A logger failed and was switched off.</summary>
    LoggerFailed = 1007,

    /// <summary>A stop was asked for before the minimum of epochs or steps.</summary>
    MinimumNotReached = 1008,

    /// <summary>A loader was told to shuffle although that is off.</summary>
    ShufflingOff = 1009,

    /// <summary>A gradient or loss is not finite.</summary>
    NonFinite = 1010,

    /// <summary>A checkpoint could not be saved, and training goes on.</summary>
    CheckpointFailed = 1011,

    /// <summary>A resume cannot be exact.</summary>
    InexactResume = 1012,

    /// <summary>Something of general interest.</summary>
    Information = 1013,

    /// <summary>A metric that a callback monitors has not been logged.</summary>
    MissingMetric = 1014,

    /// <summary>No optimizer was configured.</summary>
    NoOptimizer = 1015,

    /// <summary>A callback's saved state has no counterpart.</summary>
    UnknownCallbackState = 1016,

    /// <summary>A directory of checkpoints is not empty.</summary>
    DirectoryNotEmpty = 1017,

    /// <summary>Native memory, precision or another engine works in a degraded way.</summary>
    Degraded = 1018,

    /// <summary>A callback looks for the least of a metric of which more is better, or the other way round.</summary>
    MonitorDirection = 1019,

    /// <summary>A run of a few batches to find errors: most options do not count.</summary>
    FastDevRun = 1020,

    /// <summary><c>Log</c> had no effect: there is no Trainer, or its mode logs nothing.</summary>
    LogIgnored = 1021,

    /// <summary>A setting of a scheduler has no effect, or is most likely meant otherwise.</summary>
    SchedulerSetting = 1022,

    /// <summary>An option took the place of another one that was set, too.</summary>
    OptionOverridden = 1023,

    /// <summary>Step values are logged less often than epochs end.</summary>
    LogIntervalTooLong = 1024,

    /// <summary>A logged tensor holds a whole number or a truth value, and was converted.</summary>
    ConvertedValue = 1025,

    /// <summary>Tensors outlive their step.</summary>
    TensorLeak = 1040,

    /// <summary>Memory is nearly used up.</summary>
    MemoryLow = 1041,

    /// <summary>The run before this one ended without a word.</summary>
    EarlierRunDied = 1042,

    /// <summary>A picture, distribution, text or table was logged, but no logger takes such things.</summary>
    NotTaken = 1030,

    /// <summary>A logged metric object saw no data.</summary>
    EmptyMetric = 1031,

    /// <summary>Too many different metric names were logged; further ones are left out.</summary>
    TooManyMetrics = 1033,

    /// <summary>The report of a run could not be written.</summary>
    ReportFailed = 1032,

    /// <summary>A loader for validation or test shuffles.</summary>
    ShuffledEvaluation = 1034,
}
