namespace LightningSharp.Console;

/// <summary>A callback that follows a metric, as the console sees it: the row of an epoch that improved it gets a star, the closing lines name value and file.</summary>
internal interface IMonitorsBest
{
    /// <summary>The metric; null when none is followed.</summary>
    string? Monitor { get; }

    /// <summary>Its best value so far; null before the first.</summary>
    double? BestScore { get; }

    /// <summary>The file to show at the end: the best checkpoint, or the latest; null when there is none.</summary>
    string? BestPath { get; }
}
