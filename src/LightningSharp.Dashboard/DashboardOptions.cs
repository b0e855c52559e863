namespace LightningSharp.Dashboard;

/// <summary>Settings of <see cref="DashboardServer"/>.</summary>
public sealed record DashboardOptions
{
    /// <summary>The folder whose runs are shown, at any depth.</summary>
    /// <value><c>lightning_logs</c>.</value>
    public string Root { get; init; } = Logging.RunFolder.DefaultName;

    /// <summary>The port on loopback.</summary>
    /// <value>0: one that is free.</value>
    public int Port { get; init; }

    /// <summary>What a request must know to be answered.</summary>
    /// <value>null: 32 random characters, part of <see cref="DashboardServer.Url"/>.</value>
    public string? Token { get; init; }

    /// <summary>How often running files are looked at.</summary>
    /// <value>0.5 seconds.</value>
    public TimeSpan RefreshEvery { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Whether the page may ask a run to stop or save.</summary>
    /// <value>true.</value>
    public bool AllowControl { get; init; } = true;
}
