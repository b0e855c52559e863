using System.Net;
using System.Net.Sockets;

namespace LightningSharp.Tests.Data.Resolving;

/// <summary>A real HTTP server on this machine's own address, which can be slow, break off, or refuse.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<HttpListenerContext, int, Task> _answer;
    private readonly Task _serving;
    private int _requests;

    /// <param name="answer">Answers one request; its second argument is the request's number, from 1.</param>
    public LocalServer(Func<HttpListenerContext, int, Task> answer)
    {
        _answer = answer;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = new($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/set/");
        }

        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _serving = Serve();
    }

    public Uri Address { get; }

    public int Requests => _requests;

    /// <summary>Sends a part of the content and, when it is not all, breaks the connection.</summary>
    public static async Task Send(HttpListenerContext context, byte[] content, int? breakAt = null)
    {
        int start = 0;
        if (context.Request.Headers["Range"] is { } range)
        {
            start = int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
            context.Response.StatusCode = 206;
            context.Response.Headers["Content-Range"] = $"bytes {start}-{content.Length - 1}/{content.Length}";
        }

        int end = breakAt ?? content.Length;
        context.Response.ContentLength64 = content.Length - start;
        await context.Response.OutputStream.WriteAsync(content.AsMemory(start, end - start));
        await context.Response.OutputStream.FlushAsync();
        if (breakAt is null)
            context.Response.Close();
        else
            context.Response.Abort();
    }

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait(TimeSpan.FromSeconds(5));
    }

    private async Task Serve()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = Answer(context, Interlocked.Increment(ref _requests));
            }
            catch (Exception) when (!_listener.IsListening)
            {
                return;
            }
        }
    }

    private async Task Answer(HttpListenerContext context, int number)
    {
        try
        {
            await _answer(context, number);
        }
        catch (Exception)
        {
            context.Response.Abort();   // the client left first, or the listener was closed
        }
    }
}
