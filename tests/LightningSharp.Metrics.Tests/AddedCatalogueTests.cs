namespace LightningSharp.Metrics.Tests;

/// <summary>Cases recorded from a later torchmetrics: metrics and settings that the first one lacks.</summary>
public class AddedCatalogueTests : RecordedCatalogueTests<AddedCatalogueTests>, IRecordedFile
{
    public static string File => "added";
}
