using LightningSharp.Terminal;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Callbacks;

/// <summary>
/// Shows the module's layers and its number of parameters at the start of <c>Fit</c>. Output shapes and operations come from the first batch that runs anyway (the
/// sanity check's or training's); when that batch fails, the table is shown with the layers that it reached.
/// </summary>
public sealed class ModelSummary : Callback
{
    private readonly Display? _given;
    private Display? _display;
    private ShapeProbe? _probe;
    private nn.Module? _module;
    private SummaryTable? _before;

    /// <summary>Shows the summary.</summary>
    /// <param name="maxDepth">How many levels of layers to list: 1 is the module's own fields, -1 all levels, 0 shows nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than -1.</exception>
    public ModelSummary(int maxDepth = 1)
    {
        if (maxDepth < -1)
            throw new ArgumentOutOfRangeException(nameof(maxDepth), maxDepth, $"Received maxDepth = {maxDepth}: expected a number of levels, -1 for all, or 0 for no summary.");
        MaxDepth = maxDepth;
    }

    internal ModelSummary(Display display, int maxDepth = 1)
        : this(maxDepth) => _given = display;

    /// <inheritdoc/>
    /// <remarks>Before the lines that end a run: a first batch that fails leaves its table above them.</remarks>
    public override int Order => -3;

    /// <summary>How many levels are listed; -1 is all.</summary>
    public int MaxDepth { get; }

    /// <summary>The latest table; null before the first <c>Fit</c>.</summary>
    public SummaryTable? Table { get; private set; }

    /// <summary>A module's summary as data.</summary>
    /// <param name="module">Any TorchSharp module.</param>
    /// <param name="maxDepth">How many levels of layers to list; -1 all, 0 none (the totals are there all the same).</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than -1.</exception>
    public static SummaryTable Of(nn.Module module, int maxDepth = 1)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDepth, -1);
        return Create(module, maxDepth, null);
    }

    /// <inheritdoc/>
    public override void OnFitStart(HookContext context)
    {
        ArgumentNullException.ThrowIfNull(context.Trainer);
        Detach();
        (_display, _before) = (null, null);
        if (MaxDepth == 0 || !context.Trainer.Strategy.IsGlobalZero) return;
        var display = _given ?? Display.For(context.Trainer.Options.Console);
        _module = context.Module.Module;
        _before = Table = Create(_module, MaxDepth, null);
        if (!display.Claim(context.Trainer)) return;
        _display = display;
        var probe = _probe = new ShapeProbe(_module);
        context.Trainer.Running.LayoutGivenUp += probe.Forget;
    }

    /// <inheritdoc/>
    public override void OnValidationBatchEnd(BatchContext context)
    {
        if (_probe is { HasSeen: true }) _probe.Dispose(); // one batch is enough; a validation step that does not use the module tells nothing
    }

    /// <inheritdoc/>
    public override void OnTrainStart(HookContext context)
    {
        if (_probe is { HasSeen: true }) Show();
    }

    /// <inheritdoc/>
    public override void OnTrainBatchEnd(TrainBatchEndContext context)
    {
        if (_display is not null) Show();
    }

    /// <inheritdoc/>
    public override void OnFitEnd(HookContext context)
    {
        if (_display is not null) Show();
    }

    /// <inheritdoc/>
    public override void OnException(ExceptionContext context)
    {
        if (_display is not null) Show();
    }

    private void Show()
    {
        var display = _display!; // callers check it
        _display = null;
        display.Close();
        if (_module is { } module && _probe is { HasSeen: true } probe)
        {
            // Modes as they were at the start: a validation batch may be running.
            var seen = Create(module, MaxDepth, probe);
            Table = _before! with // made together with the display
            {
                Rows = [.. seen.Rows.Zip(_before.Rows, static (now, before) => now with { IsTraining = before.IsTraining })],
                TotalFlops = seen.TotalFlops,
            };
        }

        Detach();
        display.Summary(Table!); // made together with the display
    }

    private void Detach()
    {
        _probe?.Dispose();
        (_probe, _module) = (null, null);
    }

    private static SummaryTable Create(nn.Module root, int maxDepth, ShapeProbe? probe)
    {
        var rows = new List<SummaryRow>();
        AddChildren(rows, root, string.Empty, maxDepth < 0 ? int.MaxValue : maxDepth, probe);
        var own = root.parameters(recurse: false).ToList();
        if (own.Count > 0 && maxDepth != 0)
            rows.Add(new SummaryRow { Name = "other params", Type = "-", Parameters = own.Sum(Numbers), TrainableParameters = own.Where(IsTrainable).Sum(Numbers) });
        var all = root.parameters().ToList();
        var modules = root.modules().Where(module => !ReferenceEquals(module, root)).ToList();
        return new SummaryTable
        {
            Rows = rows,
            TotalParameters = all.Sum(Numbers),
            TrainableParameters = all.Where(IsTrainable).Sum(Numbers),
            SizeInBytes = all.Sum(parameter => parameter.numel() * parameter.element_size()),
            ModulesInTrainMode = modules.Count(module => module.training),
            ModulesInEvalMode = modules.Count(module => !module.training),
            TotalFlops = probe?.FlopsOf(root),
        };
    }

    private static void AddChildren(List<SummaryRow> rows, nn.Module parent, string prefix, int levels, ShapeProbe? probe)
    {
        if (levels == 0) return;
        foreach (var (name, child) in parent.named_children())
        {
            var parameters = child.parameters().ToList();
            rows.Add(new SummaryRow
            {
                Index = rows.Count,
                Name = prefix + name,
                Type = TypeName(child.GetType()),
                Parameters = parameters.Sum(Numbers),
                TrainableParameters = parameters.Where(IsTrainable).Sum(Numbers),
                IsTraining = child.training,
                Output = probe?.ShapeOf(child),
                Flops = probe?.FlopsOf(child),
            });
            AddChildren(rows, child, $"{prefix}{name}.", levels - 1, probe);
        }
    }

    private static long Numbers(Tensor parameter) => parameter.numel();

    private static bool IsTrainable(Tensor parameter) => parameter.requires_grad;

    private static string TypeName(Type type) => type.Name.Split('`')[0];
}
