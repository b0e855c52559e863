using System.Globalization;
using LightningSharp;
using LightningSharp.Checkpointing;
using Spectre.Console;

// Looks into checkpoint files and converts their weights. Nothing in a file is ever run, so it is safe on files from anywhere.
try
{
    switch (args)
    {
        case ["inspect", var file]:
            Print(CheckpointFile.Inspect(file));
            return 0;
        case ["convert", var source, var target]:
            var count = CheckpointFile.Convert(source, target);
            Console.WriteLine($"{count} tensors written to {target}");
            return 0;
        default:
            Console.Error.WriteLine("""
                CheckpointTool inspect FILE        what is in a .ckpt, .pt or .safetensors file
                CheckpointTool convert FROM TO     weights to .safetensors, .pt or .ckpt, by the extension of TO
                """);
            return 2;
    }
}
catch (CheckpointException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

static void Print(CheckpointInspection found)
{
    AnsiConsole.MarkupLineInterpolated($"[bold]{found.Source}[/]  {found.Format}, {Size(found.FileBytes)}");
    Values("Contents", found.Contents);
    Values("Progress", found.Progress);
    Values("Hyper-parameters", found.HyperParameters);
    var table = new Table().Title("Tensors").AddColumns("name", "shape", "type").AddColumn(new TableColumn("elements").RightAligned()).AddColumn(new TableColumn("size").RightAligned()).AddColumn("");
    foreach (var row in found.Tensors)
    {
        table.AddRow(Markup.Escape(row.Path), Markup.Escape($"[{string.Join(", ", row.Shape)}]"), row.DType, row.Elements.ToString("N0", CultureInfo.InvariantCulture), Size(row.Bytes), row.SharesMemory ? "shared" : "");
    }

    AnsiConsole.Write(table);
    var weights = found.Tensors.Where(row => found.Format == CheckpointFormat.SafeTensors || row.Path.StartsWith("state_dict.", StringComparison.Ordinal)).ToList();
    if (weights.Count > 0) AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{weights.Count} weights, {weights.Sum(row => row.Elements):N0} elements, {Size(weights.Sum(row => row.Bytes))}"));
}

static void Values(string title, IReadOnlyList<ValueRow> rows)
{
    if (rows.Count == 0) return;
    var table = new Table().Title(title).AddColumns("name", "value");
    foreach (var row in rows) table.AddRow(Markup.Escape(row.Key), Markup.Escape(row.Value));
    AnsiConsole.Write(table);
}

static string Size(long bytes) => bytes switch
{
    < 1024 => $"{bytes} B",
    < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F1} KiB"),
    < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:F1} MiB"),
    _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:F2} GiB"),
};
