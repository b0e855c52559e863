namespace LightningSharp.Metrics.Tests.Text;

public class RetrievalAndTextCatalogueTests : RecordedCatalogueTests<RetrievalAndTextCatalogueTests>, IRecordedFile
{
    public static string File => "retrieval_text";
}
