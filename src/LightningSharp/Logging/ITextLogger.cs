namespace LightningSharp.Logging;

/// <summary>A logger that also takes text: samples of a language model, notes. Loggers without this interface are passed over.</summary>
public interface ITextLogger
{
    /// <summary>Writes one text.</summary>
    /// <param name="name">What it is; texts of one name form a series over steps.</param>
    /// <param name="text">The text; TensorBoard shows it as Markdown.</param>
    /// <param name="step">The x-axis, as for metrics.</param>
    void LogText(string name, string text, long step);
}
