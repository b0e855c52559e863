using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace LightningSharp.Tabular;

internal static class ParquetTable
{
    public static async Task Read(string path, TableBuilder builder)
    {
        await using var file = File.OpenRead(path);
        await using var reader = await ParquetReader.CreateAsync(file).ConfigureAwait(false);
        var fields = reader.Schema.GetDataFields();
        int[] ordinals = builder.Find([.. fields.Select(field => field.Name)]);
        long first = 0;
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using var rows = reader.OpenRowGroupReader(group);
            var columns = new Array[ordinals.Length];
            for (int column = 0; column < columns.Length; column++)
                columns[column] = await Column(rows, fields[ordinals[column]], path).ConfigureAwait(false);
            Add(columns, builder, first);
            first += rows.RowCount;
        }
    }

    private static void Add(Array[] columns, TableBuilder builder, long first)
    {
        for (int row = 0; row < columns[0].Length; row++)
        {
            for (int column = 0; column < columns.Length; column++)
            {
                object value = columns[column].GetValue(row) ?? throw builder.Missing(column, first + row);
                if (builder.IsClass(column))
                    builder.AddClass(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                else if (value is string text)
                    builder.Add(column, text, (int)(first + row));
                else
                    builder.Add(column, Convert.ToDouble(value, CultureInfo.InvariantCulture));
            }
        }
    }

    private static Task<Array> Column(ParquetRowGroupReader rows, DataField field, string path)
    {
        if (field.IsArray)
            throw new DataException($"{path}: column '{field.Name}' holds lists. Expected one value per row.");
        Type type = field.ClrType;
        return type == typeof(float) ? Values<float>(rows, field)
            : type == typeof(double) ? Values<double>(rows, field)
            : type == typeof(int) ? Values<int>(rows, field)
            : type == typeof(long) ? Values<long>(rows, field)
            : type == typeof(short) ? Values<short>(rows, field)
            : type == typeof(byte) ? Values<byte>(rows, field)
            : type == typeof(sbyte) ? Values<sbyte>(rows, field)
            : type == typeof(ushort) ? Values<ushort>(rows, field)
            : type == typeof(uint) ? Values<uint>(rows, field)
            : type == typeof(ulong) ? Values<ulong>(rows, field)
            : type == typeof(decimal) ? Values<decimal>(rows, field)
            : type == typeof(bool) ? Values<bool>(rows, field)
            : type == typeof(string) || type == typeof(ReadOnlyMemory<char>) ? Texts(rows, field)
            : throw new DataException($"{path}: column '{field.Name}' is of type {type.Name}. Expected numbers, true/false or text.");
    }

    private static async Task<Array> Values<T>(ParquetRowGroupReader rows, DataField field)
        where T : struct
    {
        if (!field.IsNullable)
        {
            var values = new T[rows.RowCount];
            await rows.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
            return values;
        }

        var optional = new T?[rows.RowCount];
        await rows.ReadAsync<T>(field, optional.AsMemory()).ConfigureAwait(false);
        return optional;
    }

    private static async Task<Array> Texts(ParquetRowGroupReader rows, DataField field)
    {
        var values = new string?[rows.RowCount];
        await rows.ReadAsync(field, values.AsMemory()).ConfigureAwait(false);
        return values;
    }
}
