using LightningSharp;

namespace LightningSharp.Conformance;

/// <summary>Python's exception types and ours.</summary>
internal static class Outcome
{
    public static bool Fits(string pythonType, string message, Exception ours) => message == "boom" ? ours is ToyException : pythonType switch
    {
        "MisconfigurationException" => ours is MisconfigurationException,
        "ValueError" => ours is MisconfigurationException or CheckpointException or ArgumentException,
        "RuntimeError" => ours is LightningException or InvalidOperationException,
        "KeyError" => ours is CheckpointException or KeyNotFoundException,
        "FileNotFoundError" => ours is CheckpointException or FileNotFoundException,
        "TypeError" => ours is MisconfigurationException or ArgumentException,
        _ => false,
    };
}
