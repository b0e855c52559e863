using System.Reflection;
using TorchSharp.Modules;
using static TorchSharp.torch;
using ParameterState = TorchSharp.Modules.OptimizerState;

namespace LightningSharp.Optimization;

/// <summary>
/// The moments and counters of one parameter. TorchSharp keeps them as public fields of a class for each optimizer, and the fields have PyTorch's names; they are read
/// by reflection, on saving and loading only.
/// </summary>
internal static class OptimizerSlots
{
    private const double ExactInFloat32 = 1 << 24;

    public static FieldInfo[] FieldsOf(ParameterState state) => state.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>Nothing for a parameter that was never stepped: PyTorch has no entry for it either.</summary>
    public static Dictionary<string, object?> Save(ParameterState state)
    {
        var slots = new Dictionary<string, object?>();
        foreach (var field in FieldsOf(state))
        {
            switch (field.GetValue(state))
            {
                case long step when step == 0 && field.Name == "step" && state is not (Adadelta.State or Adagrad.State):
                    // (Adadelta's counter stays at 0 in TorchSharp 0.107, so that it tells nothing; PyTorch's Adagrad relies on an entry for every parameter.)
                    return [];
                case long step:
                    // PyTorch counts in float32, which is exact up to 2^24; beyond that it loses count, and we need not.
                    slots[field.Name] = tensor((double)step, step <= ExactInFloat32 ? ScalarType.Float32 : ScalarType.Float64);
                    break;
                case double number:
                    slots[field.Name] = tensor(number, ScalarType.Float64);
                    break;
                case Tensor moments:
                    slots[field.Name] = moments;
                    break;
            }
        }

        return slots;
    }

    /// <summary>Slots that exist only with a certain setting; the name of the setting, or null where the slot may always be missing.</summary>
    public static string? SettingOf(string slot, string optimizer) => (slot, optimizer) switch
    {
        ("max_exp_avg_sq", _) => "amsgrad",
        ("grad_avg", _) => "centered",
        ("momentum_buffer", "RMSProp") => "momentum",
        _ => null,
    };

    public static bool MayBeMissing(string slot) => slot is "max_exp_avg_sq" or "grad_avg" or "momentum_buffer";
}
