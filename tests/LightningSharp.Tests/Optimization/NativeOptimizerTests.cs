using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization;

/// <summary>docs/optimizers.md says why LBFGS cannot be resumed exactly. When one of these fails, TorchSharp has opened a way: take it, and change the page.</summary>
public class NativeOptimizerTests
{
    [Fact]
    public void LBFGS_keeps_no_tensor_of_its_history_on_the_managed_side()
    {
        using var weight = nn.Parameter(ones(2));
        var optimizer = optim.LBFGS([weight], max_iter: 3);
        for (var step = 0; step < 3; step++)
        {
            optimizer.step(() =>
            {
                weight.grad = null;
                var loss = weight.pow(2).sum();
                loss.backward();
                return loss.alias();
            });
        }

        Assert.Empty(Tensors(optimizer, depth: 3).Where(found => !ReferenceEquals(found.Tensor, weight)).Select(found => found.Where));
    }

    [Fact]
    public void The_native_library_exports_nothing_that_gives_LBFGSs_state_out()
    {
        LightningSharp.Native.LibTorch.EnsureLoaded();
        var library = NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, searchPath: null);

        foreach (var name in (string[])["THSNN_LBFGS_state", "THSNN_LBFGS_save", "THSNN_Optimizer_state", "THSNN_Optimizer_save", "THSNN_Optimizer_state_dict"])
            Assert.False(NativeLibrary.TryGetExport(library, name, out _), name);
        Assert.True(NativeLibrary.TryGetExport(library, "THSNN_LBFGS_ctor", out _)); // it is the right library
    }

    private static IEnumerable<(string Where, Tensor Tensor)> Tensors(object owner, int depth)
    {
        for (var type = owner.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                var value = field.GetValue(owner);
                if (value is Tensor tensor and not Parameter) yield return ($"{type.Name}.{field.Name}", tensor);
                else if (value is System.Collections.IEnumerable items and not string and not Tensor)
                {
                    foreach (var item in items.OfType<Tensor>().Where(item => item is not Parameter)) yield return ($"{type.Name}.{field.Name}[]", item);
                }
                else if (depth > 1 && value is not null && value is not Tensor && field.FieldType.Assembly == typeof(Tensor).Assembly)
                {
                    foreach (var inner in Tensors(value, depth - 1)) yield return ($"{type.Name}.{field.Name}.{inner.Where}", inner.Tensor);
                }
            }
        }
    }
}
