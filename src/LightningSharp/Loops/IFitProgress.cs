namespace LightningSharp.Loops;

/// <summary>What the Trainer tells others about the running fit.</summary>
internal interface IFitProgress
{
    /// <summary>Training batches per epoch; null when unknown.</summary>
    int? TrainBatches { get; }

    /// <summary>Batches of each validation loader; null when unknown.</summary>
    int?[] ValidationBatches { get; }

    /// <summary>Whether the current batch is the epoch's last.</summary>
    bool IsLastBatch { get; }

    /// <summary>Whether there is a validation loader, a step, and a limit above zero.</summary>
    bool ValidationEnabled { get; }

    /// <summary>The current accumulation factor; a callback may change it between epochs.</summary>
    int AccumulateGradBatches { get; set; }

    /// <summary>Asks for the training loader if that has not happened.</summary>
    void RequestTrainLoader();

    /// <summary>Whether loaders were passed as arguments.</summary>
    bool LoadersAreDirect { get; }

    /// <summary>The data module; null when there is none.</summary>
    object? DataModule { get; }

    /// <summary>Runs another Trainer on the same module and data. The loaders are asked for again afterwards: the trial may have changed a batch size.</summary>
    FitResult Trial(Trainer other);
}
