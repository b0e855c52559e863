namespace LightningSharp.Checkpointing;

/// <summary>Finds the checkpoints below some folders.</summary>
internal static class CheckpointSearch
{
    public static IEnumerable<string> NewestFirst(IEnumerable<string> folders)
        => folders.Where(Directory.Exists)
            .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles("*.ckpt", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }))
            .OrderByDescending(file => file.LastWriteTimeUtc).ThenByDescending(file => file.Name, StringComparer.Ordinal)
            .Select(file => file.FullName).Distinct();
}
