namespace LightningSharp.Checkpointing;

/// <summary>What was and was not copied.</summary>
/// <param name="Loaded">The module's keys that got the file's values.</param>
/// <param name="Missing">The module's keys that the file does not have; their values are as before.</param>
/// <param name="Unexpected">The file's keys that the module does not have.</param>
/// <param name="Mismatched">What did not fit, one sentence each; their values are as before.</param>
public sealed record StateDictLoadResult(IReadOnlyList<string> Loaded, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<string> Mismatched);
