namespace LightningSharp.Terminal;

/// <summary>Decides once how the console is used.</summary>
internal static class ConsoleSetting
{
    public const string Variable = "LIGHTNINGSHARP_CONSOLE";

    private static readonly string[] _automation = ["CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION", "JENKINS_URL"];

    /// <summary>The mode to use; never <see cref="ConsoleMode.Auto"/>.</summary>
    /// <param name="option">What the options say; anything but Auto wins over the environment.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="isTerminal">Whether standard output is a terminal.</param>
    /// <exception cref="MisconfigurationException">The environment variable holds an unknown word.</exception>
    public static ConsoleMode Resolve(ConsoleMode option, Func<string, string?> environment, bool isTerminal)
    {
        if (option != ConsoleMode.Auto) return option;
        var word = environment(Variable);
        if (!string.IsNullOrEmpty(word))
        {
            if (!Enum.TryParse<ConsoleMode>(word, ignoreCase: true, out var named) || !Enum.IsDefined(named) || char.IsDigit(word[0]))
                throw new MisconfigurationException($"The environment variable {Variable} is '{word}': expected auto, rich, plain, json or quiet.");
            if (named != ConsoleMode.Auto) return named;
        }

        var canDraw = isTerminal && environment("TERM") is not "dumb" && !_automation.Any(name => environment(name) is { Length: > 0 } value && value is not ("false" or "0"));
        return canDraw ? ConsoleMode.Rich : ConsoleMode.Plain;
    }
}
