using System.Net;
using System.Net.Http.Headers;

namespace LightningSharp.Tests.Data.Resolving;

/// <summary>A server in memory that honours ranges and can break off.</summary>
internal sealed class FakeMirror(byte[] answer) : HttpMessageHandler
{
    public byte[] Answer { get; set; } = answer;

    public int? BreakFirstAt { get; set; }

    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public int Requests { get; private set; }

    public List<long> Starts { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        if (Status != HttpStatusCode.OK)
            return Task.FromResult(new HttpResponseMessage(Status));
        int start = (int)(request.Headers.Range?.Ranges.First().From ?? 0);
        Starts.Add(start);
        int end = Requests == 1 && BreakFirstAt is { } at ? at : Answer.Length;
        var response = new HttpResponseMessage(start > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK)
        {
            Content = new StreamContent(new MemoryStream(Answer, start, end - start)),
        };
        response.Content.Headers.ContentLength = Answer.Length - start;
        if (start > 0)
            response.Content.Headers.ContentRange = new ContentRangeHeaderValue(start, Answer.Length - 1, Answer.Length);
        return Task.FromResult(response);
    }
}
