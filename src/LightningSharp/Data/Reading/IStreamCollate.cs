namespace LightningSharp.Data.Reading;

/// <summary>A stream that brings the function which makes its batches.</summary>
internal interface IStreamCollate<TBatch>
{
    LoaderSource<TBatch> Source(int batchSize, bool dropLast);
}
