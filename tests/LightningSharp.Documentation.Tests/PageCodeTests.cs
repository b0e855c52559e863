using System.Text;
using LightningSharp.Tests.Support;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LightningSharp.Documentation.Tests;

/// <summary>Every C# block of the README and of docs/ compiles against the packages. What a block takes for granted (a model, a loader) is listed in <see cref="Given"/>.</summary>
public class PageCodeTests
{
    private static readonly string[] Pages =
        [Path.Combine(Repository.Root, "README.md"), .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public static TheoryData<string, int> Blocks
    {
        get
        {
            var blocks = new TheoryData<string, int>();
            foreach (var page in Pages)
            {
                foreach (var block in PageBlock.Of(File.ReadAllLines(page))) blocks.Add(Path.GetRelativePath(Repository.Root, page), block.Line);
            }

            return blocks;
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void The_code_of_a_page_compiles(string page, int line)
    {
        var text = PageBlock.Of(File.ReadAllLines(Path.Combine(Repository.Root, page))).Single(block => block.Line == line).Text;

        Assert.Empty(Compiled.Errors(Program(text, Given.For(Path.GetFileName(page)))));
    }

    [Fact]
    public void What_stands_on_the_right_in_coming_from_Python_compiles()
        => Assert.Empty(Compiled.Errors(Program(ComingFromPython, new("Trainer trainer; LightningModule<(Tensor X, Tensor Y)> model; MnistDataModule dm; Tensor loss; IMetricLogger x; string path; IEnumerable<(Tensor X, Tensor Y)> a; IEnumerable<(Tensor X, Tensor Y)> b"))));

    [Fact]
    public void A_block_that_is_wrong_is_noticed()
    {
        Assert.NotEmpty(Compiled.Errors(Program("trainer.Fitt(model, data);", Given.For("the-loop.md"))));
        Assert.NotEmpty(Compiled.Errors(Program("public override void OnValidationEpochEnds() { }", Given.For("metrics.md"))));
    }

    private const string ComingFromPython = """
        _ = new Trainer(new() { MaxEpochs = 5, GradientClipVal = 1.0, LimitTrainBatches = 10, ValCheckInterval = 0.25 });
        _ = new TrainerOptions { LimitTrainBatches = 0.1, LimitValBatches = Limit.Batches(1), LimitTestBatches = Limit.Fraction(1.0), ValCheckInterval = 100, TruncatedBpttSteps = 20 };
        Every[] often = [Every.Time(TimeSpan.FromMinutes(5)), Every.Steps(100)];
        Duration[] durations = [Duration.Parse("10ep"), 10.Epochs(), Duration.RunFraction(0.1)];
        _ = new EarlyStopping("val_acc") { Mode = MonitorMode.Max };
        _ = new EarlyStopping("val_acc") { Mode = MonitorMode.Auto };
        FitResult result = trainer.Fit(model, dm);
        trainer.Fit(model, dm, resume: Resume.Last);
        trainer.Fit(model, dm, resume: path);
        Resume[] resumes = [Resume.Best, Resume.Auto, Resume.From(path) with { WeightsOnly = true }];
        trainer.Stop("why");
        trainer.Logger = x;
        trainer.Loggers = [.. trainer.Loggers, x];
        var loaders = (trainer.TrainDataLoader, trainer.ValidationDataLoaders);
        trainer.Reset();
        double value = trainer.CallbackMetrics["val_loss"];
        _ = new LoaderGroup<(Tensor X, Tensor Y)> { { "clean", a }, { "noisy", b } };
        _ = LightningModule.Load<Right>(path, new Dictionary<string, object?> { ["lr"] = 0.1 });
        _ = DataModule.Load<Digits>(path);

        sealed class Digits : DataModule<(Tensor X, Tensor Y)>
        {
        }

        sealed class Right : LightningModule<(Tensor X, Tensor Y)>
        {
            private readonly Module<Tensor, Tensor> fc = Linear(4, 2);
            private readonly BinaryAccuracy _accuracy = new();

            public Right() => AutomaticOptimization = false;

            public override Tensor forward(Tensor x) => fc.call(x);

            public override BatchFlow OnTrainBatchStart((Tensor X, Tensor Y) batch, int batchIndex) => BatchFlow.SkipRestOfEpoch;

            public override Tensor? TrainingStep((Tensor X, Tensor Y) batch, int batchIndex)
            {
                var loss = call(batch.X).mean();
                Log("loss", loss, progressBar: true, onStep: true, onEpoch: true);
                Log("acc", _accuracy);
                LogDict(new Dictionary<string, Tensor> { ["loss2"] = loss });
                Print("text");
                var opt = Optimizers()[0];
                using var _ = ToggledOptimizer(opt);
                ManualBackward(loss);
                opt.Step();
                return null;
            }

            public override void ValidationStep((Tensor X, Tensor Y) batch, int batchIndex, int dataLoaderIndex)
            {
            }

            public override Tensor? TrainingStep((Tensor X, Tensor Y) window, int batchIndex, HiddenState hidden) => null;

            public override OptimizerSetup ConfigureOptimizers()
            {
                var adam = optim.Adam(parameters(), 1e-3);
                var scheduler = new StepLR(adam, 1);
                OptimizerSetup[] forms = [adam, (adam, scheduler), (adam, new SchedulerSetup(scheduler) { Interval = SchedulerInterval.Step })];
                return [adam, adam];
            }
        }

        sealed class Tells : Callback
        {
            public override void OnTrainEpochEnd(HookContext context) => context.Trainer.Print("done");
        }
        """;

    [Fact]
    public void No_page_has_context_that_no_block_uses()
        => Assert.Empty(Given.Pages.Except(Blocks.Select(row => Path.GetFileName(row.Data.Item1)!))); // a file has a name

    // A block is what a reader would type into a file: usings and types stand at the top, members belong into a module, and what is left runs in a method that has what the page talks about.
    private static string Program(string text, Given given)
    {
        var complete = text.TrimEnd() is [.., not (';' or '}')] ? text.TrimEnd() + ";" : text;
        var unit = SyntaxFactory.ParseCompilationUnit(complete, options: Compiled.Language);
        var types = unit.Members.Where(member => member is BaseTypeDeclarationSyntax);
        var statements = unit.Members.OfType<GlobalStatementSyntax>();
        var members = unit.Members.Except(types).Except(statements);
        var declared = statements.SelectMany(statement => statement.DescendantNodes()).OfType<VariableDeclaratorSyntax>().Select(variable => variable.Identifier.Text).ToHashSet();
        var program = new StringBuilder(Given.Usings).AppendLine().Append(unit.Usings.ToFullString());
        program.AppendLine($"abstract class Example : {given.Base}\n{{\n{given.Members}");
        foreach (var member in members) program.AppendLine(member.ToFullString());
        program.AppendLine($"public async System.Threading.Tasks.Task Run({given.ParametersWithout(declared)})\n{{ await System.Threading.Tasks.Task.CompletedTask;");
        foreach (var statement in statements) program.AppendLine(statement.ToFullString());
        program.AppendLine("}\n}");
        foreach (var type in types) program.AppendLine(type.ToFullString());
        return program.Append(given.Types.Where(type => !types.OfType<TypeDeclarationSyntax>().Any(own => type.Contains($" {own.Identifier.Text}", StringComparison.Ordinal))).Aggregate(string.Empty, (all, type) => all + "\n" + type)).ToString();
    }
}
