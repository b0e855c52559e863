using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using LightningSharp.Dashboard.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LightningSharp.Dashboard;

/// <summary>
/// The live page: runs below a folder, overlaid, smoothed, followed while they train. It listens on loopback only and answers nobody who does not know
/// its token; it reads the log folder and writes nothing there but the control files of <see cref="Logging.RunControl"/>.
/// </summary>
/// <example><code>
/// await using var dashboard = await DashboardServer.StartAsync(new() { Root = "lightning_logs" });
/// System.Console.WriteLine(dashboard.Url);
/// await dashboard.WaitForShutdownAsync();
/// </code></example>
public sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RunCatalog _catalog;

    private DashboardServer(WebApplication app, RunCatalog catalog, string token)
    {
        (_app, _catalog, Token) = (app, catalog, token);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()
            ?? throw new InvalidOperationException("The web server does not say where it listens.");
        Address = addresses.Addresses.First();
    }

    /// <summary>Where it listens, without the token: <c>http://127.0.0.1:port</c>.</summary>
    public string Address { get; }

    /// <summary>What a request must know.</summary>
    public string Token { get; }

    /// <summary>What to open in a browser; holds the token.</summary>
    public string Url => $"{Address}/?token={Token}";

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<DashboardServer> StartAsync(DashboardOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        var token = options.Token ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        if (token.Length < 16 || !token.All(char.IsAsciiLetterOrDigit))
        {
            throw new ArgumentException($"A token has at least 16 characters, letters and digits only; received one of {token.Length} characters.", nameof(options));
        }

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port));
        var app = builder.Build();
        var catalog = new RunCatalog(options.Root);
        app.Use((context, next) => Guard(context, next, token));
        DashboardApi.Map(app, catalog, options);
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return new(app, catalog, token);
    }

    /// <summary>Completes when the process is asked to end (Ctrl+C, SIGTERM) or the token is cancelled.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _catalog.Dispose();
    }

    private static Task Guard(HttpContext context, RequestDelegate next, string token)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        var cookie = string.Create(CultureInfo.InvariantCulture, $"lightningsharp_{context.Connection.LocalPort}");
        var fromQuery = context.Request.Query["token"].ToString();
        // a foreign name that resolves to loopback must not speak for us
        if (context.Request.Host.Host is not ("127.0.0.1" or "localhost" or "[::1]"))
        {
            return Refuse(context, StatusCodes.Status421MisdirectedRequest);
        }

        if (!IsToken(fromQuery, token) && !IsToken(context.Request.Cookies[cookie], token)
            && !IsToken(context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal), token))
        {
            return Refuse(context, StatusCodes.Status401Unauthorized);
        }

        if (fromQuery.Length > 0)
        {
            context.Response.Cookies.Append(cookie, token, new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
        }

        return next(context);
    }

    private static bool IsToken(string? given, string token)
        => !string.IsNullOrEmpty(given) && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(token));

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync("Open the address that the dashboard printed: it holds the token.");
    }
}
