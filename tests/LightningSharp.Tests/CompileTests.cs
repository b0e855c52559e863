using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using LightningSharp.Tests.Support;

namespace LightningSharp.Tests;

/// <summary>What must compile does, what must not does not.</summary>
public class CompileTests
{
    private const string Model = """
        using LightningSharp;
        using LightningSharp.Data;
        using System.Collections.Generic;
        using TorchSharp;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        sealed class Net : LightningModule<(Tensor X, Tensor Y)>
        {
            private readonly Module<Tensor, Tensor> fc = Linear(4, 2);
            public override Tensor forward(Tensor x) => fc.call(x);
            public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => functional.mse_loss(call(batch.X), batch.Y);
            public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters(), 0.1);
        }

        """;

    [Fact]
    public void The_readme_example_compiles_with_the_usings_that_it_shows()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var start = readme.IndexOf("```csharp", StringComparison.Ordinal) + 9;

        Assert.Empty(Errors("using System;\n" + readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_loader_of_the_modules_batch_type_compiles()
        => Assert.Empty(Errors(Model + "static class P { static void Main() => new Trainer().Fit(new Net(), new List<(Tensor X, Tensor Y)>()); }"));

    [Fact]
    public void A_loader_of_another_batch_type_does_not_compile()
        => Assert.NotEmpty(Errors(Model + "static class P { static void Main() => new Trainer().Fit(new Net(), new List<Tensor>()); }"));

    [Fact]
    public void A_data_module_of_another_batch_type_does_not_compile()
        => Assert.NotEmpty(Errors(Model + "sealed class D : DataModule<Tensor> { } static class P { static void Main() => new Trainer().Fit(new Net(), new D()); }"));

    [Fact]
    public void Optimizer_set_ups_of_every_form_compile()
        => Assert.Empty(Errors(Model + """
            static class P
            {
                static OptimizerSetup One(torch.optim.Optimizer a) => a;
                static OptimizerSetup Pair(torch.optim.Optimizer a, LightningSharp.Optimization.LearningRateScheduler s) => (a, s);
                static OptimizerSetup Many(torch.optim.Optimizer a, torch.optim.Optimizer b) => [a, b];
                static OptimizerSetup Mixed(torch.optim.Optimizer a, torch.optim.Optimizer b, LightningSharp.Optimization.LearningRateScheduler s) => [a, (b, s)];
                static void Main() { }
            }
            """));

    private static ImmutableArray<Diagnostic> Errors(string source)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)); // set by the host
        var compilation = CSharpCompilation.Create(
            "Sample", [CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp14))], references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
    }
}
