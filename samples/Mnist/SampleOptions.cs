using System.Globalization;
using LightningSharp;

/// <summary>The sample's command line.</summary>
sealed record SampleOptions(int Epochs = 5, int BatchSize = 2048, Limit LimitTrainBatches = default, long Seed = 42, bool Fashion = false)
{
    private const string Usage = """
        usage: dotnet run --project samples/Mnist -c Release -- [options]
          --epochs N                 passes over the 60,000 images (default 5)
          --batch-size N             images per step (default 2048)
          --limit-train-batches N    a number of batches, or a fraction such as 0.1 (default all)
          --seed N                   seed of weights and shuffling (default 42)
          --fashion                  Fashion-MNIST instead of MNIST
        """;

    /// <summary>False after an error was printed, or the help.</summary>
    public static bool TryParse(string[] args, out SampleOptions options)
    {
        options = new SampleOptions();
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i];
            if (name is "-h" or "--help") return Fail(null);
            if (name == "--fashion")
            {
                options = options with { Fashion = true };
                continue;
            }

            if (name is not ("--epochs" or "--batch-size" or "--limit-train-batches" or "--seed")) return Fail($"unknown option {name}");
            if (++i == args.Length) return Fail($"{name} needs a value");
            if (Apply(options, name, args[i]) is not { } next) return Fail($"{name} {args[i]}: expected a positive number");
            options = next;
        }

        return true;
    }

    private static SampleOptions? Apply(SampleOptions options, string name, string text)
    {
        var whole = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return name switch
        {
            "--epochs" when whole => options with { Epochs = number },
            "--batch-size" when whole && number > 0 => options with { BatchSize = number },
            "--seed" when whole => options with { Seed = number },
            "--limit-train-batches" when whole => options with { LimitTrainBatches = Limit.Batches(number) },
            "--limit-train-batches" when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fraction) && fraction is > 0 and <= 1
                => options with { LimitTrainBatches = Limit.Fraction(fraction) },
            _ => null,
        };
    }

    private static bool Fail(string? problem)
    {
        if (problem is not null) Console.Error.WriteLine(problem);
        Console.Error.WriteLine(Usage);
        return false;
    }
}
