using LightningSharp.Native;
using static TorchSharp.torch;

namespace LightningSharp.Checkpointing;

/// <summary>
/// Copies of the tensors that a run keeps with channels innermost, in the ordinary layout, so that a file looks as if the run had never rearranged them.
/// All others stay the same objects; what shared memory before shares it afterwards. The copies belong to the dispose scope of the save.
/// </summary>
internal sealed class OrdinaryLayout
{
    private readonly Dictionary<nint, Tensor> _copies = [];

    public Dictionary<string, Tensor> Of(IReadOnlyDictionary<string, Tensor> tensors) => tensors.ToDictionary(entry => entry.Key, entry => Of(entry.Value));

    public Dictionary<string, object?> Of(IReadOnlyDictionary<string, object?> state) => state.ToDictionary(entry => entry.Key, entry => Of(entry.Value));

    private object? Of(object? value) => value switch
    {
        Tensor tensor => Of(tensor),
        Dictionary<string, object?> map => Of((IReadOnlyDictionary<string, object?>)map),
        Dictionary<long, object?> map => map.ToDictionary(entry => entry.Key, entry => Of(entry.Value)),
        _ => value,
    };

    private Tensor Of(Tensor tensor)
    {
        if (tensor.IsInvalid || tensor.is_sparse || tensor.dim() != 4 || !ChannelsLast.IsChannelsLast(tensor)) return tensor;
        if (!_copies.TryGetValue(tensor.Handle, out var copy))
        {
            using var mode = no_grad();
            _copies[tensor.Handle] = copy = ChannelsLast.ToOrdinary(tensor.detach());
        }

        return copy;
    }
}
