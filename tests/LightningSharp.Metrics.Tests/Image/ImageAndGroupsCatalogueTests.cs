namespace LightningSharp.Metrics.Tests.Image;

public class ImageAndGroupsCatalogueTests : RecordedCatalogueTests<ImageAndGroupsCatalogueTests>, IRecordedFile
{
    public static string File => "image_groups";
}
