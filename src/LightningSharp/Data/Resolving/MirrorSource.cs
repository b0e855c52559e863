using System.Net;
using System.Net.Http.Headers;

namespace LightningSharp.Data.Resolving;

/// <summary>A public address: the gzipped file is downloaded with three tries, continued where a try broke off, verified, and kept in the store.</summary>
internal sealed class MirrorSource(Uri address, DataStore store, DataEnvironment environment) : DataSource(address.Host)
{
    private const int Tries = 3;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    public override byte[]? TryRead(DataFile file, out string reason)
    {
        try
        {
            using var exclusive = store.Lock(file);
            if (store.TryRead(file) is { } ready)
            {
                reason = "";
                return ready;
            }

            return Download(file, out reason);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            reason = failure.Message;
            return null;
        }
    }

    private byte[]? Download(DataFile file, out string reason)
    {
        reason = "";
        var url = new Uri(address, file.Name + ".gz");
        string part = store.PartPath(file);
        using var client = new HttpClient(environment.HttpHandler()) { Timeout = Silence };
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            if (attempt > 0)
                Thread.Sleep(environment.RetryDelay * (1 << (attempt - 1)));
            reason = Fetch(client, url, part, file.Bytes).GetAwaiter().GetResult();
            if (reason.Length > 0)
                continue;
            byte[]? payload = Payload.Verify(File.ReadAllBytes(part), url.ToString(), file, out reason);
            File.Delete(part);   // finished or wrong: in both cases of no further use
            if (payload is null)
                continue;
            store.Write(file, payload);
            return payload;
        }

        return null;
    }

    /// <summary>One try; returns why it failed, or an empty text. What arrived stays in the part file.</summary>
    private static async Task<string> Fetch(HttpClient client, Uri url, string part, long limit)
    {
        long have = File.Exists(part) ? new FileInfo(part).Length : 0;
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (have > 0)
            request.Headers.Range = new RangeHeaderValue(have, null);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                return "";   // all of it is there already; the hash decides
            if (!response.IsSuccessStatusCode)
                return $"HTTP {(int)response.StatusCode} {response.ReasonPhrase}";
            bool resumed = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
            using var target = new FileStream(part, resumed ? FileMode.Append : FileMode.Create, FileAccess.Write);
            return await Copy(response, target, limit).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            return failure.InnerException?.Message ?? failure.Message;
        }
    }

    private static async Task<string> Copy(HttpResponseMessage response, FileStream target, long limit)
    {
        long? expected = response.Content.Headers.ContentLength + target.Position;
        using var body = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
        using var silence = new CancellationTokenSource();
        var buffer = new byte[1 << 16];
        for (int read; ;)
        {
            silence.CancelAfter(Silence);
            read = await body.ReadAsync(buffer, silence.Token).ConfigureAwait(false);
            if (read == 0)
                break;
            await target.WriteAsync(buffer.AsMemory(0, read), silence.Token).ConfigureAwait(false);
            if (target.Position > limit)
            {
                target.SetLength(0);
                return $"the answer is longer than {limit:N0} bytes";
            }
        }

        return expected is { } length && target.Position < length ? $"the connection ended after {target.Position:N0} of {length:N0} bytes" : "";
    }
}
