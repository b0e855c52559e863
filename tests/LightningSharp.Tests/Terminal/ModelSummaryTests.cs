using LightningSharp.Callbacks;
using LightningSharp.Terminal;
using Spectre.Console.Testing;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LightningSharp.Tests.Terminal;

public sealed class ModelSummaryTests
{
    [Fact]
    public void The_seeds_network_has_its_known_numbers()
    {
        using var model = new Seed();

        var table = ModelSummary.Of(model);

        Assert.Equal([("conv1", "Sequential", 640L), ("conv2", "Sequential", 73_856L), ("fc", "Linear", 62_730L)], table.Rows.Select(row => (row.Name, row.Type, row.Parameters)));
        Assert.Equal((137_226, 137_226, 0, 548_904), (table.TotalParameters, table.TrainableParameters, table.FrozenParameters, table.SizeInBytes));
        Assert.Equal((9, 0), (table.ModulesInTrainMode, table.ModulesInEvalMode));
        Assert.All(table.Rows, row => Assert.True(row.IsTraining));
        Assert.Null(table.TotalFlops);
    }

    [Fact]
    public void All_levels_are_listed_on_request_and_none_at_depth_zero()
    {
        using var model = new Seed();

        var all = ModelSummary.Of(model, maxDepth: -1);
        var none = ModelSummary.Of(model, maxDepth: 0);

        Assert.Equal(["conv1", "conv1.0", "conv1.1", "conv1.2", "conv2", "conv2.0", "conv2.1", "conv2.2", "fc"], all.Rows.Select(row => row.Name));
        Assert.Empty(none.Rows);
        Assert.Equal(137_226, none.TotalParameters);
    }

    [Fact]
    public void A_depth_below_minus_one_is_an_error()
    {
        Assert.Contains("maxDepth = -2", Assert.Throws<ArgumentOutOfRangeException>(() => new ModelSummary(-2)).Message, StringComparison.Ordinal);
        using var model = new Seed();
        Assert.Throws<ArgumentOutOfRangeException>(() => ModelSummary.Of(model, -2));
    }

    [Fact]
    public void Frozen_layers_modes_and_parameters_of_the_module_itself_are_told()
    {
        using var model = new WithOwn();

        var table = ModelSummary.Of(model);

        Assert.Equal(["frozen", "norm", "other params"], table.Rows.Select(row => row.Name));
        Assert.Equal((12, 0), (table.Rows[0].Parameters, table.Rows[0].TrainableParameters));
        Assert.False(table.Rows[1].IsTraining);
        Assert.Equal((5, 5, (bool?)null), (table.Rows[2].Parameters, table.Rows[2].TrainableParameters, table.Rows[2].IsTraining));
        Assert.Equal(12, table.FrozenParameters);
    }

    [Fact]
    public void The_probe_sees_shapes_and_operations_and_leaves_no_trace()
    {
        using var model = new Seed();
        using var input = zeros(2, 1, 28, 28);
        using var before = model.call(input);

        using var probe = new ShapeProbe(model);
        using var during = model.call(input);
        probe.Dispose();
        var children = model.named_children().ToDictionary(child => child.name, child => child.module);

        Assert.Equal([2, 64, 14, 14], probe.ShapeOf(children["conv1"]));
        Assert.Equal([2, 10], probe.ShapeOf(children["fc"]));
        Assert.Equal(2L * 2 * 64 * 28 * 28 * 9, probe.FlopsOf(children["conv1"]));
        Assert.Equal(2L * 2 * 128 * 14 * 14 * 576, probe.FlopsOf(children["conv2"]));
        Assert.Equal(2L * 2 * 6272 * 10, probe.FlopsOf(children["fc"]));
        Assert.True(before.allclose(during));
        var seen = probe.FlopsOf(model);
        model.call(input).Dispose();
        Assert.Equal(seen, probe.FlopsOf(model));
    }

    [Fact]
    public void The_table_at_80_columns_looks_like_this()
    {
        var lines = Render(SeedTable(), 79, Glyphs.Unicode);

        Assert.Equal(
            [
                "╭───┬───────┬────────────┬────────┬───────┬────────────────────┬────────╮",
                "│ # │ Name  │ Type       │ Params │ Mode  │ Output             │  FLOPs │",
                "├───┼───────┼────────────┼────────┼───────┼────────────────────┼────────┤",
                "│ 0 │ conv1 │ Sequential │    640 │ train │ [2048, 64, 14, 14] │  1.8 G │",
                "│ 1 │ conv2 │ Sequential │ 73,856 │ train │ [2048, 128, 7, 7]  │ 59.2 G │",
                "│ 2 │ fc    │ Linear     │ 62,730 │ train │ [2048, 10]         │  257 M │",
                "╰───┴───────┴────────────┴────────┴───────┴────────────────────┴────────╯",
                "  137,226 trainable · 0 frozen · 137,226 total · 0.55 MB",
                "  9 modules in train mode · 0 in eval mode · 61.3 G FLOPs per forward pass",
            ],
            lines);
    }

    [Fact]
    public void A_narrow_terminal_loses_columns_and_never_wraps()
    {
        var lines = Render(SeedTable(), 45, Glyphs.Unicode);

        Assert.Equal("│ # │ Name  │ Type       │ Params │", lines[1]);
        Assert.All(lines.Take(7), line => Assert.Equal(lines[0].Length, line.Length));
    }

    [Fact]
    public void Names_that_are_too_long_or_hostile_are_cut_and_escaped()
    {
        var table = SeedTable() with { Rows = [new() { Index = 0, Name = "a\e[31m" + new string('n', 100), Type = "Linear", Parameters = 5_000_000 }] };

        var lines = Render(table, 60, Glyphs.Ascii);

        Assert.DoesNotContain(lines, line => line.Contains('\e', StringComparison.Ordinal));
        Assert.All(lines.Take(5), line => Assert.True(line.Length <= 60, line));
        Assert.Contains("a\\u001b[31mnnn", lines[3], StringComparison.Ordinal);
        Assert.Contains("5.0 M", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void A_fit_shows_the_shapes_of_the_batch_that_ran_first()
    {
        var display = new RecordingDisplay();
        var summary = new ModelSummary(display);
        var trainer = new Trainer(new() { MaxEpochs = 1, Console = ConsoleMode.Quiet, EnableCheckpointing = false, Loggers = [], EnableProgressBar = false, Callbacks = [summary] });

        trainer.Train(new TinyModel(), TinyModel.Batches(3));

        var table = Assert.Single(display.Summaries);
        Assert.Equal([2, 2], table.Rows[0].Output);
        Assert.Equal(2 * 4 * 4, table.TotalFlops);
        Assert.Same(table, summary.Table);
    }

    [Fact]
    public void A_first_batch_that_fails_still_shows_how_far_it_came()
    {
        var display = new RecordingDisplay();
        var model = new TinyModel { InTraining = static (_, _) => throw new InvalidOperationException("broken") };
        var trainer = new Trainer(new() { MaxEpochs = 1, Console = ConsoleMode.Quiet, EnableCheckpointing = false, Loggers = [], EnableProgressBar = false, Callbacks = [new Banner(display), new ModelSummary(display)] });

        Assert.Throws<InvalidOperationException>(() => trainer.Train(model, TinyModel.Batches(1)));

        Assert.Null(Assert.Single(display.Summaries).Rows[0].Output);
        Assert.Equal(["start", "summary", "fail"], display.Events);
    }

    private static SummaryTable SeedTable() => new()
    {
        Rows =
        [
            new() { Index = 0, Name = "conv1", Type = "Sequential", Parameters = 640, TrainableParameters = 640, IsTraining = true, Output = [2048, 64, 14, 14], Flops = 1_849_688_064 },
            new() { Index = 1, Name = "conv2", Type = "Sequential", Parameters = 73_856, TrainableParameters = 73_856, IsTraining = true, Output = [2048, 128, 7, 7], Flops = 59_190_018_048 },
            new() { Index = 2, Name = "fc", Type = "Linear", Parameters = 62_730, TrainableParameters = 62_730, IsTraining = true, Output = [2048, 10], Flops = 256_901_120 },
        ],
        TotalParameters = 137_226, TrainableParameters = 137_226, SizeInBytes = 548_904, ModulesInTrainMode = 9, TotalFlops = 61_296_607_232,
    };

    private static IReadOnlyList<string> Render(SummaryTable table, int width, Glyphs glyphs)
    {
        using var console = new TestConsole().Width(width + 1);
        console.Write(new SummaryView(table, glyphs, width).ToRenderable());
        return [.. console.Output.TrimEnd().Split('\n').Select(line => line.TrimEnd())];
    }

    private sealed class Seed : LightningModule<Tensor>
    {
        private readonly Module<Tensor, Tensor> conv1 = Block(1, 64);
        private readonly Module<Tensor, Tensor> conv2 = Block(64, 128);
        private readonly Module<Tensor, Tensor> fc = Linear(128 * 7 * 7, 10);

        public override Tensor forward(Tensor x) => fc.call(conv2.call(conv1.call(x)).flatten(1));

        private static Module<Tensor, Tensor> Block(int inputs, int outputs)
            => Sequential(Conv2d(inputs, outputs, 3, padding: 1), ReLU(), MaxPool2d(2, stride: 2));
    }

    private sealed class WithOwn : LightningModule<Tensor>
    {
        private readonly Module<Tensor, Tensor> frozen = Linear(3, 3);
        private readonly Module<Tensor, Tensor> norm = BatchNorm1d(3);
        private readonly TorchSharp.Modules.Parameter scale = Parameter(ones(5));

        public WithOwn()
        {
            foreach (var parameter in frozen.parameters()) parameter.requires_grad = false;
            norm.eval();
        }

        public override Tensor forward(Tensor x) => norm.call(frozen.call(x)) * scale.sum();
    }
}
