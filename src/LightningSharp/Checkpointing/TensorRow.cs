namespace LightningSharp.Checkpointing;

/// <summary>One tensor of a checkpoint, as a row to print.</summary>
/// <param name="Path">Its keys from the top, joined by dots: <c>state_dict.fc.weight</c>.</param>
/// <param name="Shape">Its sizes; empty for a single number.</param>
/// <param name="DType">Its element type as PyTorch calls it: <c>float32</c>.</param>
/// <param name="Elements">How many elements it has.</param>
/// <param name="Bytes">What they take, in bytes, when laid out one after the other.</param>
/// <param name="SharesMemory">Whether another tensor of the file looks at the same memory.</param>
public sealed record TensorRow(string Path, IReadOnlyList<long> Shape, string DType, long Elements, long Bytes, bool SharesMemory);
