using System.Net;
using System.Net.Http.Headers;

namespace LightningSharp.Data.Resolving;

/// <summary>A public address: the gzipped file is downloaded with three tries, continued where a try broke off, verified, and kept in the store.</summary>
internal sealed class MirrorSource(Uri address, DataStore store, DataEnvironment environment) : DataSource(address.Host)
{
    private const int Tries = 3;

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
        using var client = new HttpClient(environment.HttpHandler()) { Timeout = environment.Silence };
        using var progress = new DownloadProgress(environment.Display(), file.Name);
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            if (attempt > 0)
                Thread.Sleep(environment.RetryDelay * (1 << (attempt - 1)));
            (reason, bool isFinal) = Fetch(client, url, part, file.Bytes, progress).GetAwaiter().GetResult();
            if (isFinal)
                return null;
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

    /// <summary>One try; returns why it failed, or an empty text, and whether another try is useless. What arrived stays in the part file.</summary>
    private async Task<(string Reason, bool IsFinal)> Fetch(HttpClient client, Uri url, string part, long limit, DownloadProgress progress)
    {
        long have = File.Exists(part) ? new FileInfo(part).Length : 0;
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (have > 0)
            request.Headers.Range = new RangeHeaderValue(have, null);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                return ("", false);   // all of it is there already; the hash decides
            if (!response.IsSuccessStatusCode)
                return ($"HTTP {(int)response.StatusCode} {response.ReasonPhrase}", IsFinal(response.StatusCode));
            bool resumed = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
            using var target = new FileStream(part, resumed ? FileMode.Append : FileMode.Create, FileAccess.Write);
            return (await Copy(response, target, limit, progress).ConfigureAwait(false), false);
        }
        catch (OperationCanceledException)
        {
            return ($"no answer for {environment.Silence.TotalSeconds:0.###} s", false);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return (failure.InnerException?.Message ?? failure.Message, false);
        }
    }

    // A server that says that the file is not there, or not for us, says so again.
    private static bool IsFinal(HttpStatusCode status) =>
        (int)status is >= 400 and < 500 && status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    private async Task<string> Copy(HttpResponseMessage response, FileStream target, long limit, DownloadProgress progress)
    {
        long? expected = response.Content.Headers.ContentLength + target.Position;
        using var body = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
        using var silence = new CancellationTokenSource();
        var buffer = new byte[1 << 16];
        progress.Begin(target.Position);
        for (int read; ;)
        {
            silence.CancelAfter(environment.Silence);
            read = await body.ReadAsync(buffer, silence.Token).ConfigureAwait(false);
            if (read == 0)
                break;
            await target.WriteAsync(buffer.AsMemory(0, read), silence.Token).ConfigureAwait(false);
            progress.Report(target.Position, expected);
            if (target.Position > limit)
            {
                target.SetLength(0);
                return $"the answer is longer than {limit:N0} bytes";
            }
        }

        return expected is { } length && target.Position < length ? $"the connection ended after {target.Position:N0} of {length:N0} bytes" : "";
    }
}
