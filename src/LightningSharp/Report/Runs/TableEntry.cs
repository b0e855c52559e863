namespace LightningSharp.Report.Runs;

/// <summary>One logged table; cells are texts.</summary>
internal sealed record TableEntry(string Name, long Step, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
