namespace LightningSharp;

/// <summary>How a run shows itself on the console.</summary>
public enum ConsoleMode
{
    /// <summary>What the environment variable <c>LIGHTNINGSHARP_CONSOLE</c> names; without it <see cref="Rich"/> in a terminal and <see cref="Plain"/> everywhere else
    /// (redirected output, continuous integration, <c>TERM=dumb</c>).</summary>
    Auto,

    /// <summary>Colours and a live progress line; finished epochs stay as rows of a table.</summary>
    Rich,

    /// <summary>Lines of ASCII text without control sequences, 120 columns wide: a row per epoch, and a sign of life every 30 seconds inside one.</summary>
    Plain,

    /// <summary>One JSON object per event and line on standard output, for programs.</summary>
    Json,

    /// <summary>Nothing. Warnings still go to standard error.</summary>
    Quiet,
}
