namespace LightningSharp.Profiling;

/// <summary>Puts a profiler's text where people look for it.</summary>
internal static class ProfileReport
{
    /// <summary>Writes to <c>stage-name.extension</c>, or to the writer when there is no name.</summary>
    public static string? Write(Trainer trainer, Stage stage, string? folder, string? name, string extension, TextWriter? output, string text)
    {
        if (!trainer.Strategy.IsGlobalZero) return null;
        if (name is null)
        {
            (output ?? System.Console.Out).Write($"\nProfile of {stage}\n{text}");
            return null;
        }

        var target = Directory.CreateDirectory(Trainer.ExpandHome(folder ?? trainer.RunDirectory ?? ".")).FullName;
        var path = Path.Combine(target, $"{stage.ToString().ToLowerInvariant()}-{name}.{extension}");
        File.WriteAllText(path, text);
        return path;
    }
}
