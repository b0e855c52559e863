using LightningSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Faults;

/// <summary>Calls that end a process which does not guard itself (reliability, 4.1). Each prints what arrived; then the process goes on training.</summary>
internal static class NativeCases
{
    public static readonly IReadOnlyDictionary<string, Action> All = new Dictionary<string, Action>
    {
        ["matmul"] = () => ones(2, 3).matmul(ones(4, 5)),
        ["cummax"] = () => ones(2, 3).cummax(7),
        ["cummin"] = () => ones(2, 3).cummin(7),
        ["autograd-unused"] = () =>
        {
            var x = ones(2, requires_grad: true);
            autograd.grad([(x * x).sum()], [ones(3, requires_grad: true)]);
        },
        ["threads-0"] = () => set_num_threads(0),
        ["threads-negative"] = () => set_num_threads(-1),
        ["interop-twice"] = () =>
        {
            set_num_interop_threads(2);
            set_num_interop_threads(3);
        },
        ["rng-10-bytes"] = () => set_rng_state(zeros(10, ScalarType.Byte)),
        ["rng-floats"] = () => set_rng_state(zeros(5056)),
        ["rng-zeros"] = () => set_rng_state(zeros(5056, ScalarType.Byte)),
        ["rng-ones"] = () => set_rng_state(full(5056, 255, ScalarType.Byte)),
        ["scalar-huge"] = () => _ = ((Scalar)1e20).ToInt32(),
        ["scalar-nan"] = () => _ = ((Scalar)double.NaN).ToInt32(),
        ["custom-backward"] = () => ThrowingFunction.Apply(ones(2, requires_grad: true)).sum().backward(),
        ["lbfgs-closure"] = () =>
        {
            var net = nn.Linear(2, 1);
            optim.LBFGS(net.parameters()).step(() => throw new InvalidOperationException("from the closure"));
        },
    };

    public static int Survive(string name, Action fault)
    {
        try
        {
            NativeGuard.Run(() => UserStep(fault));
            System.Console.WriteLine("no fault");
            return 3;
        }
        catch (NativeFaultException exception)
        {
            exception.Where = $"TrainingStep, case {name}";
            System.Console.WriteLine($"message: {exception.NativeMessage}");
            System.Console.WriteLine($"line: {exception.StackTrace!.Contains("NativeCases.UserStep", StringComparison.Ordinal)}");
            System.Console.WriteLine(exception);
        }
        catch (Exception exception)
        {
            System.Console.WriteLine($"ordinary {exception.GetType().Name}: {exception.Message.Split('\n')[0]}");
        }

        TrainOn();
        return 0;
    }

    public static int SurviveMany(int count)
    {
        var before = 0L;
        for (var i = 0; i < count; i++)
        {
            try
            {
                NativeGuard.Run(() => UserStep(All["matmul"]));
                return 3;
            }
            catch (NativeFaultException)
            {
                if (i == 9) before = Environment.WorkingSet;
            }
        }

        TrainOn();
        System.Console.WriteLine($"faults: {NativeGuard.Faults}");
        System.Console.WriteLine($"growth per fault: {(Environment.WorkingSet - before) / 1024 / Math.Max(1, count - 10)} KiB");
        return 0;
    }

    public static int FaultOnOtherThread()
    {
        NativeGuard.Run(() =>
        {
            var other = new Thread(() => All["matmul"]()) { Name = "somebody's thread" };
            other.Start();
            other.Join();
        });
        return 3;
    }

    public static int Unguarded()
    {
        Environment.SetEnvironmentVariable("LIGHTNINGSHARP_NATIVE_GUARD", "0");
        NativeGuard.Run(() => UserStep(All["matmul"]));
        return 3;
    }

    public static int MeasureGuard()
    {
        const int runs = 2000;
        for (var round = 0; round < 2; round++)
        {
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            for (var i = 0; i < runs; i++) NativeGuard.Run(() => { });
            System.Console.WriteLine($"{System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMicroseconds / runs:0} us per run");
        }

        return 0;
    }

    private static void UserStep(Action fault)
    {
        using var scope = NewDisposeScope();
        fault();
        GC.KeepAlive(scope);
    }

    private static void TrainOn()
    {
        NativeGuard.Run(() =>
        {
            using var guard = new StepGuard();
            guard.Enter();
            _ = Tests.Native.SmallTraining.Run(50, guard.Boundary);
        });
        System.Console.WriteLine("trained on");
    }

    private sealed class ThrowingFunction : autograd.SingleTensorFunction<ThrowingFunction>
    {
        public override string Name => nameof(ThrowingFunction);

        public static Tensor Apply(Tensor x) => apply(x);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => throw new InvalidOperationException("from the backward");
    }
}
