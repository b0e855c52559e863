using System.Net.Http.Json;
using LightningSharp.Diagnostics;

namespace LightningSharp.Callbacks;

/// <summary>
/// Tells a chat channel or another service, by an HTTP request, that training has ended or failed: a JSON object with the field <c>text</c>, as Slack, Mattermost and others take it.
/// A message that does not get through is warned about; it never ends or fails a run.
/// </summary>
/// <param name="address">The address to post to. Keep it out of the source: it is a secret.</param>
/// <param name="client">The client to use; null for a new one with a timeout of ten seconds.</param>
/// <example><code>Callbacks = [new WebhookNotifier(new Uri(Environment.GetEnvironmentVariable("TRAINING_WEBHOOK")!))]</code></example>
public sealed class WebhookNotifier(Uri address, HttpClient? client = null) : Callback
{
    private readonly Uri _address = address is null ? throw new ArgumentNullException(nameof(address)) : address is { IsAbsoluteUri: true, Scheme: "http" or "https" } ? address : throw new ArgumentException(
        $"WebhookNotifier was given an address with the scheme '{(address.IsAbsoluteUri ? address.Scheme : "none")}': expected an absolute http or https address.", nameof(address));

    /// <inheritdoc/>
    public override void OnFitEnd(HookContext context)
    {
        var metrics = string.Join(", ", context.Trainer.CallbackMetrics.Select(metric => FormattableString.Invariant($"{metric.Key} = {metric.Value:G4}")));
        Send(context.Trainer, $"{context.Module.Module.GetType().Name}: training ended ({context.Trainer.StopReason}) after {context.Trainer.CurrentEpoch} epochs. {metrics}");
    }

    /// <inheritdoc/>
    public override void OnException(ExceptionContext context)
        => Send(context.Trainer, $"{context.Module.Module.GetType().Name}: {context.Trainer.EntryStage} failed in epoch {context.Trainer.CurrentEpoch}: {context.Exception.GetType().Name}: {context.Exception.Message.Split('\n')[0]}");

    private void Send(Trainer trainer, string text)
    {
        var own = client is null ? new HttpClient { Timeout = TimeSpan.FromSeconds(10) } : null;
        try
        {
            using var response = (client ?? own!).PostAsJsonAsync(_address, new Dictionary<string, string> { ["text"] = text }).GetAwaiter().GetResult();
            if (!response.IsSuccessStatusCode) trainer.Messages.Warn(MessageId.Information, $"WebhookNotifier: {_address.Host} answered {(int)response.StatusCode}; the message was not delivered.");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or InvalidOperationException)
        {
            trainer.Messages.Warn(MessageId.Information, $"WebhookNotifier: the message to {_address.Host} was not delivered: {exception.Message}");
        }
        finally
        {
            own?.Dispose();
        }
    }
}
