namespace LightningSharp.Metrics.Tests.Regression;

public class RegressionCatalogueTests : RecordedCatalogueTests<RegressionCatalogueTests>, IRecordedFile
{
    public static string File => "regression";
}
