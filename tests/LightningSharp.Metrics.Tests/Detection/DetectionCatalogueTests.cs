namespace LightningSharp.Metrics.Tests.Detection;

public class DetectionCatalogueTests : RecordedCatalogueTests<DetectionCatalogueTests>, IRecordedFile
{
    public static string File => "detection";
}
