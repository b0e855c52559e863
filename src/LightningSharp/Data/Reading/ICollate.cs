namespace LightningSharp.Data.Reading;

/// <summary>A data set that brings the function which makes its batches.</summary>
internal interface ICollate<TBatch>
{
    BatchReader<TBatch> Reader();
}
