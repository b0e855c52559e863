namespace LightningSharp.Metrics.Tests.Classification;

public class ClassificationCatalogueTests : RecordedCatalogueTests<ClassificationCatalogueTests>, IRecordedFile
{
    public static string File => "classification";
}
