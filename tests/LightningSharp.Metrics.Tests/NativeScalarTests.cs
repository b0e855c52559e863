using System.Reflection;
using System.Reflection.Emit;
using LightningSharp.Metrics.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests;

/// <summary>
/// A number that stands bare in a tensor expression becomes a native scalar that nobody holds: the garbage collector may free it while the operation still reads it,
/// and each costs a finalizer. The compiler hides them, so the compiled code is read.
/// </summary>
public class NativeScalarTests
{
    [Fact]
    public void Every_number_given_to_a_tensor_operation_is_held_in_a_variable()
    {
        var bare = Instructions.MethodsOf(typeof(Metric).Assembly).SelectMany(BareScalars).Distinct().Order().ToList();

        Assert.True(bare.Count == 0, string.Join(Environment.NewLine, bare));
    }

    [Fact]
    public void No_operator_that_makes_a_hidden_factor_is_used()
    {
        var hidden = Instructions.MethodsOf(typeof(Metric).Assembly)
            .SelectMany(method => Instructions.Of(method).Where(step => HidesAFactor(step.Called)).Select(step => $"{Name(method)} uses {step.Called!.Name}"))
            .Distinct().Order().ToList();

        Assert.True(hidden.Count == 0, string.Join(Environment.NewLine, hidden));
    }

    [Fact]
    public void The_reader_finds_what_it_looks_for()
    {
        var bare = typeof(NativeScalarTests).GetMethod(nameof(Bare), BindingFlags.NonPublic | BindingFlags.Static)!;
        var held = typeof(NativeScalarTests).GetMethod(nameof(Held), BindingFlags.NonPublic | BindingFlags.Static)!;

        Assert.Single(BareScalars(bare));
        Assert.Contains(Instructions.Of(bare), step => HidesAFactor(step.Called));
        Assert.Empty(BareScalars(held));
        Assert.DoesNotContain(Instructions.Of(held), step => HidesAFactor(step.Called));
    }

    private static Tensor Bare(Tensor x) => x + x.mul(2);

    private static Tensor Held(Tensor x)
    {
        using Scalar two = 2;
        return x.mul(two);
    }

    private static IEnumerable<string> BareScalars(MethodBase method)
    {
        var made = false;
        foreach (var (code, called) in Instructions.Of(method))
        {
            if (made && code.Value != OpCodes.Nop.Value && !IsStore(code)) yield return Name(method);
            made = called is { Name: "op_Implicit" } && called.DeclaringType == typeof(Scalar);
        }
    }

    // left + right is left.add(right, 1), and number − tensor is tensor.neg().add(number, 1): TorchSharp makes the 1 anew at each call.
    private static bool HidesAFactor(MethodBase? called)
    {
        if (called is null || called.DeclaringType != typeof(Tensor)) return false;
        var operands = called.GetParameters();
        return called.Name switch
        {
            "op_Addition" => true,
            "op_Subtraction" => operands[0].ParameterType == typeof(Scalar),
            "add" or "add_" => operands.Length == 1,
            _ => false,
        };
    }

    private static bool IsStore(OpCode code) => code.Name!.StartsWith("stloc", StringComparison.Ordinal) || code.Name == "stsfld";

    private static string Name(MethodBase method) => $"{method.DeclaringType!.FullName}.{method.Name}";
}
