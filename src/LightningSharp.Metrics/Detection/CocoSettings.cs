namespace LightningSharp.Metrics.Detection;

/// <summary>Where precision and recall of detections are read.</summary>
/// <param name="Overlaps">How much a find must overlap a true box, ascending.</param>
/// <param name="Recalls">Where precision is read, ascending.</param>
/// <param name="MostBoxes">How many finds of an image count, ascending; the last for everything but recall by number.</param>
/// <param name="Pooled">Whether all classes are matched as one.</param>
internal sealed record CocoSettings(double[] Overlaps, double[] Recalls, int[] MostBoxes, bool Pooled);
