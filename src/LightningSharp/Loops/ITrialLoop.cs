namespace LightningSharp.Loops;

/// <summary>An evaluation that finders may try in small before it runs.</summary>
internal interface ITrialLoop
{
    /// <summary>Whether loaders were passed as arguments.</summary>
    bool LoadersAreDirect { get; }

    /// <summary>The data module; null when there is none.</summary>
    object? DataModule { get; }

    /// <summary>How many loaders there are.</summary>
    int LoaderCount { get; }

    /// <summary>Runs another Trainer on the same module and data. The loaders are asked for again afterwards: the trial may have changed a batch size.</summary>
    void Trial(Trainer other);
}
