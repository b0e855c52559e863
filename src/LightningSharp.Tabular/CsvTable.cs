using Sylvan.Data.Csv;

namespace LightningSharp.Tabular;

internal static class CsvTable
{
    public static void Read(string path, TableBuilder builder)
    {
        using var reader = CsvDataReader.Create(path);
        string[] present = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        int[] ordinals = builder.Find(present);
        for (int row = 0; reader.Read(); row++)
        {
            if (reader.RowFieldCount != present.Length)
                throw new DataException($"{path}, row {row}: expected {present.Length} fields as in the header, received {reader.RowFieldCount}. The file may be cut off.");
            for (int column = 0; column < ordinals.Length; column++)
            {
                if (builder.IsClass(column))
                    builder.AddClass(reader.GetString(ordinals[column]));
                else
                    builder.Add(column, reader.GetFieldSpan(ordinals[column]), row);
            }
        }
    }
}
