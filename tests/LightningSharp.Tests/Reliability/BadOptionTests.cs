using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Reliability;

/// <summary>The rows of 5.2 that a table can hold: the option or call, the value as received, and what is expected, in one message.</summary>
public class BadOptionTests
{
    public static TheoryData<string> Options => [.. OptionRows.Keys];

    public static TheoryData<string> Calls => [.. CallRows.Keys];

    private static Dictionary<string, (TrainerOptions Options, string[] Texts)> OptionRows { get; } = new()
    {
        ["B001"] = (new() { MaxEpochs = -2 }, ["MaxEpochs = -2", "or -1 for no limit"]),
        ["B003"] = (new() { MaxSteps = -5 }, ["MaxSteps = -5", "or -1 for no limit"]),
        ["B006 negative"] = (new() { MaxTime = TimeSpan.FromSeconds(-1) }, ["MaxTime = -00:00:01", "above zero"]),
        ["B006 zero"] = (new() { MaxTime = TimeSpan.Zero }, ["MaxTime = 00:00:00", "or null"]),
        ["B007 above 1"] = (new() { LimitTrainBatches = Limit.Fraction(1.5) }, ["LimitTrainBatches", "1.5", "0 to 1"]),
        ["B007 negative"] = (new() { LimitTrainBatches = Limit.Fraction(-0.1) }, ["LimitTrainBatches", "-0.1"]),
        ["B007 NaN"] = (new() { LimitTrainBatches = Limit.Fraction(double.NaN) }, ["LimitTrainBatches", "NaN"]),
        ["B010 zero"] = (new() { ValCheckInterval = Every.Batches(0) }, ["ValCheckInterval", "positive"]),
        ["B010 above 1"] = (new() { ValCheckInterval = Every.Fraction(2.0) }, ["ValCheckInterval", "up to 1"]),
        ["B012"] = (new() { AccumulateGradBatches = 0 }, ["AccumulateGradBatches = 0", "1 or more"]),
        ["B018"] = (new() { OverfitBatches = Limit.Fraction(2.0) }, ["OverfitBatches", "0 to 1"]),
        ["B021"] = (new() { Callbacks = [new ModelCheckpoint(), new ModelCheckpoint()] }, ["ModelCheckpoint", "same StateKey", "different settings"]),
        ["B022"] = (new() { Callbacks = [null!] }, ["Callbacks", "null", "remove"]),
        ["B026"] = (new() { LogEveryNSteps = -1 }, ["LogEveryNSteps = -1", "0 (never)"]),
        ["B027 negative"] = (new() { Seed = -1 }, ["Seed = -1", "0 to 4294967295"]),
        ["B027 huge"] = (new() { Seed = long.MaxValue }, ["Seed = 9223372036854775807"]),
        ["deadline"] = (new() { TerminationDeadline = TimeSpan.FromSeconds(-1) }, ["TerminationDeadline = -00:00:01"]),
        ["OnNonFinite"] = (new() { OnNonFinite = (NonFiniteAction)9 }, ["OnNonFinite = 9"]),
    };

    private static Dictionary<string, (Func<object?> Call, string[] Texts)> CallRows { get; } = new()
    {
        ["B031 fewer items than a batch"] = (() => new DataLoader<(Tensor, Tensor)>(new TensorDataset(rand(3, 4), rand(3, 2)), batchSize: 8, dropLast: true), ["dropLast", "8", "3"]),
        ["B036 loader gives null"] = (() => Fit(new TinyModel(), [null!], new PassThrough()), ["null as batch 0"]),
        ["B056 null every time"] = (() => Fit(new Steps(_ => null), ToyData.Batches(8, 4)).Progress.GlobalStep == 0 ? throw new InvalidOperationException("no step was taken") : null, ["no step"]),
        ["B058 loss without grad"] = (() => Fit(new Steps(loss => loss.detach()), ToyData.Batches(8, 4)), ["no gradient flows", "return null"]),
        ["B079 empty name"] = (() => Fit(new Logs(model => model.Log("", 1.0)), ToyData.Batches(4, 4)), ["needs a name"]),
        ["B081 other reduction"] = (() => Fit(new Logs(model =>
        {
            model.Log("x", 1.0, onEpoch: true);
            model.Log("x", 1.0, onEpoch: true, reduction: LightningSharp.Reduction.Sum);
        }), ToyData.Batches(4, 4)), ["'x' was logged twice", "same options"]),
        ["B086 misspelt monitor"] = (() => Fit(new TinyModel(), ToyData.Batches(4, 4), ModelCheckpoint.Best("val_los"), ToyData.Batches(4, 4)), ["'val_los'", "Did you mean 'val_loss'?"]),
        ["B133 entry point inside a hook"] = (() => Fit(new TinyModel(), ToyData.Batches(4, 4), new FitsInside()), ["is running", "Use another Trainer"]),
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void An_option_that_cannot_work_is_refused_with_its_value_and_what_is_expected(string row)
    {
        var (options, texts) = OptionRows[row];

        var error = Assert.Throws<MisconfigurationException>(() => new Trainer(options));

        foreach (var text in texts) Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_that_cannot_work_says_what_it_received_and_what_to_do(string row)
    {
        var (call, texts) = CallRows[row];

        var error = Assert.ThrowsAny<Exception>(() => call());

        Assert.True(error is LightningException or ArgumentException or InvalidOperationException, error.ToString());
        foreach (var text in texts) Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private static FitResult Fit(TinyModel model, IEnumerable<(Tensor, Tensor)> data, Callback? callback = null, IEnumerable<(Tensor, Tensor)>? validation = null)
    {
        using var folder = new TempFolder();
        return new Trainer(Quiet.Options with { EnableCheckpointing = callback is ModelCheckpoint, DefaultRootDir = folder.Path, NumSanityValSteps = 0, Callbacks = callback is null ? [] : [callback] })
            .Fit(model, data, validation);
    }

    private static FitResult Fit(TinyModel model, object[] batches, PassThrough unused)
        => new Trainer(Quiet.Options).Fit(new TakesObjects(model), batches);

    private sealed class PassThrough;

    private sealed class TakesObjects(TinyModel inner) : LightningModule<object>
    {
        private readonly TinyModel inner = inner;

        public override Tensor forward(Tensor x) => inner.call(x);

        public override Tensor? TrainingStep(object batch, int batchIndex) => null;

        public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), 0.1);
    }

    private sealed class Steps(Func<Tensor, Tensor?> loss) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => loss(Loss(batch));
    }

    private sealed class Logs(Action<TinyModel> log) : TinyModel
    {
        public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
        {
            log(this);
            return Loss(batch);
        }
    }

    private sealed class FitsInside : Callback
    {
        public override void OnTrainStart(HookContext context) => context.Trainer.Fit(new TinyModel(), ToyData.Batches(4, 4));
    }
}
