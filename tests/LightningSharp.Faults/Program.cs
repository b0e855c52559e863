using LightningSharp.Faults;

if (args.Length == 0)
{
    System.Console.Error.WriteLine("usage: LightningSharp.Faults <case> [argument]");
    return 2;
}

var argument = args.ElementAtOrDefault(1);
if (NativeCases.All.TryGetValue(args[0], out var fault)) return NativeCases.Survive(args[0], fault);
return args[0] switch
{
    "many-faults" => NativeCases.SurviveMany(int.Parse(argument ?? "20", System.Globalization.CultureInfo.InvariantCulture)),
    "fault-on-other-thread" => NativeCases.FaultOnOtherThread(),
    "guard-cost" => NativeCases.MeasureGuard(),
    "guard-off" => NativeCases.Unguarded(),
    "sigsegv" or "sigkill" => DeathCases.DieWithRecord(args[0], argument ?? throw new ArgumentException("run folder?")),
    "hold-record" => DeathCases.HoldRecord(argument ?? throw new ArgumentException("run folder?")),
    "train" => ResumeCases.Train(argument ?? throw new ArgumentException("run folder?"), args.ElementAtOrDefault(2) ?? "plain"),
    "console" => ConsoleCases.Train(),
    "signals" => SignalCases.Train(argument ?? "step"),
    "allocate" => FolderCases.Allocate(args[1], int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture)),
    "run" => TrainCases.Run(argument ?? throw new ArgumentException("folder?"), args[2..]),
    "memory-policy" => MemoryCases.CountFaults(),
    "engines" => EngineCases.Train(argument ?? "32-true"),
    "wrapper" => WrapperCases.CreateCopies(args[1], args[2]),
    "finalizers" => FinalizerCases.Compare(argument ?? "none", int.Parse(args.ElementAtOrDefault(2) ?? "2", System.Globalization.CultureInfo.InvariantCulture)),
    _ => 2,
};
