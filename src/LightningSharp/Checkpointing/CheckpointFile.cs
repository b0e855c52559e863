using LightningSharp.Checkpointing.Pickling;
using LightningSharp.Checkpointing.Tensors;

namespace LightningSharp.Checkpointing;

/// <summary>
/// Checkpoint files in PyTorch's own format, written so that <c>torch.load(path, weights_only=True)</c> and Lightning open them, and read
/// without ever running anything: a file is data, or it is refused. Reading takes <c>.safetensors</c> as well.
/// </summary>
public static class CheckpointFile
{
    private const long LongestUnseekableStream = 1L << 30;

    /// <summary>
    /// Writes a dictionary of plain data. The file appears whole or not at all: it is written beside its place, flushed to disk and renamed, and an older file of
    /// that name stays until then. The same values give the same bytes.
    /// </summary>
    /// <param name="path">The file, usually <c>.ckpt</c> or <c>.pt</c>. Its folder is made when it is missing.</param>
    /// <param name="root">
    /// Null, bool, whole and floating-point numbers, text, <c>byte[]</c>, tensors of any device and stride, tuples, and lists and dictionaries of these (keys: text or whole numbers).
    /// A dictionary of tensors, and the entry <c>state_dict</c>, become Python's OrderedDict. Tensors that share memory share it in the file.
    /// </param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="CheckpointException">A value is no plain data, or the file cannot be written (disk full, no permission). An older file is untouched then.</exception>
    public static void Write<TValue>(string path, IReadOnlyDictionary<string, TValue> root, CheckpointWriteOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(root);
        using var plan = WritePlan.Of(root);
        plan.WriteTo(path, DurableFile.Default, options);
    }

    /// <summary>Writes a dictionary of plain data to a stream, from its position on; the stream stays open.</summary>
    /// <param name="stream">A stream that can write; it need not seek.</param>
    /// <param name="root">See the other overload.</param>
    /// <exception cref="CheckpointException">A value is no plain data.</exception>
    public static void Write<TValue>(Stream stream, IReadOnlyDictionary<string, TValue> root)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(root);
        using var plan = WritePlan.Of(root);
        plan.WriteTo(stream);
    }

    /// <summary>Reads a PyTorch or Lightning checkpoint (zip container, torch 1.6 or newer) or a safetensors file. The content decides which it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What to read, and the limits; null for the defaults.</param>
    /// <returns>All values. Dispose it to free the tensors.</returns>
    /// <exception cref="CheckpointException">There is no such file, or it cannot be opened.</exception>
    /// <exception cref="CheckpointRefusedException">The file is damaged, unsafe, over a limit or too new.</exception>
    public static LoadedCheckpoint Read(string path, CheckpointReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var source = ByteSource.Open(path);
        return CheckpointReader.Read(source, options ?? CheckpointReadOptions.Default);
    }

    /// <summary>Reads a checkpoint from the rest of a stream; the stream stays open. A stream that cannot seek is read into memory first (1 GiB at most).</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="options">What to read, and the limits; null for the defaults.</param>
    /// <returns>All values. Dispose it to free the tensors.</returns>
    /// <exception cref="CheckpointRefusedException">The content is damaged, unsafe, over a limit or too new.</exception>
    public static LoadedCheckpoint Read(Stream stream, CheckpointReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var source = ByteSource.Over(stream, LongestUnseekableStream);
        return CheckpointReader.Read(source, options ?? CheckpointReadOptions.Default);
    }

    /// <summary>
    /// Checks a checkpoint without loading it: its structure and description, and every byte against the checksums. Of safetensors files, which have none, only the structure.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The limits; null for the defaults.</param>
    /// <exception cref="CheckpointException">There is no such file, or it cannot be opened.</exception>
    /// <exception cref="CheckpointRefusedException">The file is damaged, unsafe, over a limit or too new.</exception>
    public static void Verify(string path, CheckpointReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var source = ByteSource.Open(path);
        CheckpointReader.Verify(source, options ?? CheckpointReadOptions.Default);
    }

    /// <summary>Looks at a checkpoint without loading its tensors: names, shapes, sizes, hyper-parameters, progress.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The limits; null for the defaults.</param>
    /// <returns>Rows to print.</returns>
    /// <exception cref="CheckpointException">As for <see cref="Read(string, CheckpointReadOptions?)"/>.</exception>
    public static CheckpointInspection Inspect(string path, CheckpointReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var source = ByteSource.Open(path);
        return CheckpointReader.Inspect(source, options ?? CheckpointReadOptions.Default);
    }

    /// <summary>
    /// Rewrites the weights of a checkpoint in another format: to safetensors when <paramref name="target"/> ends in <c>.safetensors</c>, otherwise to PyTorch's format, as a plain
    /// state_dict for <c>.pt</c> and <c>.pth</c> and under the key <c>state_dict</c> for <c>.ckpt</c>. Anything but weights is left behind.
    /// </summary>
    /// <param name="source">A checkpoint of either format.</param>
    /// <param name="target">The file to write, over an older one.</param>
    /// <returns>The number of tensors written.</returns>
    /// <exception cref="CheckpointException">The source cannot be read or has no weights, or the target cannot be written.</exception>
    public static int Convert(string source, string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentException.ThrowIfNullOrEmpty(target);
        using var checkpoint = Read(source);
        var weights = checkpoint.StateDict();
        if (Path.GetExtension(target) == ".safetensors") SafeTensorsFile.Write(target, weights, new Dictionary<string, string> { ["format"] = "pt" });
        else if (Path.GetExtension(target) == ".ckpt") Write(target, new Dictionary<string, object?> { ["state_dict"] = weights, ["pytorch-lightning_version"] = "2.2.5" });
        else Write(target, weights);
        return weights.Count;
    }
}
