namespace LightningSharp.Logging;

/// <summary>A logger that also takes tables. Loggers without this interface are passed over.</summary>
public interface ITableLogger
{
    /// <summary>Writes one table.</summary>
    /// <param name="name">What it lists; tables of one name form a series over steps.</param>
    /// <param name="columns">The headings.</param>
    /// <param name="rows">The rows, each as long as <paramref name="columns"/>; plain data in the cells.</param>
    /// <param name="step">The x-axis, as for metrics.</param>
    void LogTable(string name, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<object?>> rows, long step);
}
