using LightningSharp.Terminal;

namespace LightningSharp.Data.Resolving;

/// <summary>Everything outside the process that the search for data depends on, in one place so that tests can give another world.</summary>
internal sealed record DataEnvironment
{
    /// <value>The real one by default.</value>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <value>Folders whose parents are searched for a repository's <c>data</c> folder.</value>
    public IReadOnlyList<string> WorkingFolders { get; init; } = [Directory.GetCurrentDirectory(), AppContext.BaseDirectory];

    /// <value>The user's home folder.</value>
    public string Home { get; init; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <value>Makes the handler that downloads go through.</value>
    public Func<HttpMessageHandler> HttpHandler { get; init; } = () => new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15) };

    /// <value>Pause before the second try of a download; doubles with each one.</value>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <value>Longest time without a byte of an answer.</value>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <value>Where a download shows how far it is.</value>
    public Func<Display> Display { get; init; } = () => DownloadConsole.Current;

    /// <value>The npm client; found through PATH.</value>
    public string NpmCommand { get; init; } = "npm";

    public bool IsOffline => Variable("LIGHTNINGSHARP_OFFLINE") is { Length: > 0 } value && value is not ("0" or "false");

    /// <summary>Where downloads are kept.</summary>
    public string CacheFolder
    {
        get
        {
            if (Variable("LIGHTNINGSHARP_CACHE") is { Length: > 0 } chosen)
                return Path.Combine(chosen, "datasets");
            string folder = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : OperatingSystem.IsMacOS() ? Path.Combine(Home, "Library", "Caches")
                : Variable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(Home, ".cache");
            return Path.Combine(folder, "lightningsharp", "datasets");
        }
    }
}
