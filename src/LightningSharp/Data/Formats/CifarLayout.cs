using static TorchSharp.torch;

namespace LightningSharp.Data.Formats;

/// <summary>The binary CIFAR format: per record the labels, one byte each and the finest last, then 3,072 bytes of red, green and blue planes.</summary>
/// <param name="LabelBytes">Labels per record.</param>
/// <param name="Classes">Labels are below this.</param>
internal sealed record CifarLayout(int LabelBytes, int Classes)
{
    private const int Pixels = 3 * 32 * 32;

    /// <summary>All records of the files as images [N, 3, 32, 32] and labels [N], both uint8.</summary>
    /// <exception cref="DataException">A file is not a whole number of records, or a label is too large.</exception>
    public (Tensor Images, Tensor Labels) Split(IReadOnlyList<(string Name, byte[] Content)> files)
    {
        int record = LabelBytes + Pixels;
        foreach (var (name, content) in files)
        {
            if (content.Length % record != 0)
                throw new DataException($"{name} has {content.Length:N0} bytes. Expected a multiple of {record:N0}, the length of one record. Fetch the file again.");
        }

        int count = files.Sum(file => file.Content.Length / record);
        var images = empty([count, 3, 32, 32], ScalarType.Byte).DetachFromDisposeScope();   // both live until the data set is disposed
        var labels = empty([count], ScalarType.Byte).DetachFromDisposeScope();
        try
        {
            Copy(files, record, images.bytes, labels.bytes);
        }
        catch
        {
            images.Dispose();
            labels.Dispose();
            throw;
        }

        return (images, labels);
    }

    private void Copy(IReadOnlyList<(string Name, byte[] Content)> files, int record, Span<byte> images, Span<byte> labels)
    {
        int next = 0;
        foreach (var (name, content) in files)
        {
            for (int start = 0; start < content.Length; start += record, next++)
            {
                byte label = content[start + LabelBytes - 1];
                if (label >= Classes)
                    throw new DataException($"{name} has label {label} in record {start / record}. Expected 0 to {Classes - 1}. The file is not in this format, or damaged.");
                labels[next] = label;
                content.AsSpan(start + LabelBytes, Pixels).CopyTo(images[(next * Pixels)..]);
            }
        }
    }
}
