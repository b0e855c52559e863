namespace LightningSharp.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkSettings(IReadOnlyList<string> Cases, int? Rounds, int? Steps, bool Quick)
{
    public static BenchmarkSettings Parse(string[] args)
    {
        var cases = new List<string>();
        int? rounds = null, steps = null;
        var quick = false;
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--rounds":
                    rounds = int.Parse(args[++i]);
                    break;
                case "--steps":
                    steps = int.Parse(args[++i]);
                    break;
                case "--quick":
                    quick = true;
                    break;
                default:
                    cases.Add(args[i]);
                    break;
            }
        }

        return new(cases, rounds, steps, quick);
    }
}
