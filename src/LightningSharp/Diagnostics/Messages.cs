using Microsoft.Extensions.Logging;

namespace LightningSharp.Diagnostics;

/// <summary>Text for people: warnings once per distinct text, with an id that silences them.</summary>
internal sealed class Messages(ILogger logger, IReadOnlySet<MessageId> silenced)
{
    private readonly HashSet<string> _said = [];

    public void Warn(MessageId id, string text) => Write(LogLevel.Warning, id, text);

    public void Inform(MessageId id, string text) => Write(LogLevel.Information, id, text);

    /// <summary>Everything may be said once more.</summary>
    public void Reset() => _said.Clear();

    private void Write(LogLevel level, MessageId id, string text)
    {
        if (silenced.Contains(id) || !_said.Add(text)) return;
        logger.Log(level, new EventId((int)id, id.ToString()), text, null, static (state, _) => state);
    }
}
