using System.Globalization;
using System.Numerics;
using System.Text.Json;
using LightningSharp.Checkpointing;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Checkpointing;

/// <summary>Files written by Python, compared value for value with the description that Python made of them.</summary>
public class RealFileTests
{
    public static TheoryData<string> Files => new(Directory.GetFiles(TestFiles.Real(""), "*.ckpt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_of_Python_has_exactly_the_values_that_Python_saw(string file)
    {
        using var description = JsonDocument.Parse(File.ReadAllText(TestFiles.Real(Path.ChangeExtension(file, ".json"))));

        using var read = CheckpointFile.Read(TestFiles.Real(file));

        Compare(description.RootElement.GetProperty("contents"), read, "");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_of_Python_written_again_has_the_same_values(string file)
    {
        using var read = CheckpointFile.Read(TestFiles.Real(file));
        using var stream = new MemoryStream();

        CheckpointFile.Write(stream, read);

        stream.Position = 0;
        using var again = CheckpointFile.Read(stream);
        Assert.Equal(PlainValues.Text(read), PlainValues.Text(again));
    }

    [Fact]
    public void The_container_from_before_torch_1_6_is_refused_with_the_remedy()
    {
        var exception = Assert.Throws<CheckpointRefusedException>(() => CheckpointFile.Read(TestFiles.Real("legacy_not_zip.pt")));

        Assert.Equal(Refusal.Unsafe, exception.Reason);
        Assert.Contains("save it again with torch.save", exception.Message, StringComparison.Ordinal);
    }

    private static void Compare(JsonElement expected, object? actual, string path)
    {
        var type = expected.GetProperty("type").GetString();
        switch (type)
        {
            case "None": Assert.Null(actual); break;
            case "bool": Assert.Equal(expected.GetProperty("value").GetBoolean(), actual); break;
            case "int": Assert.Equal(expected.GetProperty("value").GetInt64(), actual); break;
            case "float": Assert.Equal(Number(expected.GetProperty("value")), Assert.IsType<double>(actual)); break;
            case "str": Assert.Equal(expected.GetProperty("value").GetString(), actual); break;
            case "dict" or "OrderedDict": CompareDictionary(expected, actual, path); break;
            case "list": CompareList(expected, Assert.IsType<List<object?>>(actual), path); break;
            case "tuple": CompareList(expected, Assert.IsType<CheckpointTuple>(actual), path); break;
            case "tensor": CompareTensor(expected, Assert.IsType<Tensor>(actual), path); break;
            default: Assert.Fail($"unknown type {type} at {path}"); break;
        }
    }

    private static void CompareDictionary(JsonElement expected, object? actual, string path)
    {
        var items = expected.GetProperty("items").EnumerateArray().ToArray();
        (object Key, object? Value)[] entries = actual switch
        {
            OrderedDictionary<long, object?> numbers => [.. numbers.Select(entry => ((object)entry.Key, entry.Value))],
            IReadOnlyDictionary<string, object?> texts => [.. texts.Select(entry => ((object)entry.Key, entry.Value))],
            _ => throw new Xunit.Sdk.XunitException($"{path} is a {actual?.GetType().Name}, not a dictionary"),
        };
        Assert.Equal(items.Length, entries.Length);
        for (var i = 0; i < items.Length; i++)
        {
            Compare(items[i][0], entries[i].Key, $"{path}[key {i}]");
            Compare(items[i][1], entries[i].Value, $"{path}.{entries[i].Key}");
        }
    }

    private static void CompareList(JsonElement expected, IReadOnlyList<object?> actual, string path)
    {
        var items = expected.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(items.Length, actual.Count);
        for (var i = 0; i < items.Length; i++) Compare(items[i], actual[i], $"{path}.{i}");
    }

    private static void CompareTensor(JsonElement expected, Tensor actual, string path)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.GetProperty("dtype").GetString(), TensorType.Of(actual.dtype)!.Name);
        Assert.Equal(expected.GetProperty("shape").EnumerateArray().Select(x => x.GetInt64()), actual.shape);
        Assert.Equal(expected.GetProperty("stride").EnumerateArray().Select(x => x.GetInt64()), actual.stride());
        Assert.Equal(expected.GetProperty("storage_offset").GetInt64(), actual.storage_offset());
        var values = expected.GetProperty("values").EnumerateArray().Select(Number).ToArray();
        Assert.True(values.AsSpan().SequenceEqual(Doubles(actual)), $"{path}: {string.Join(' ', values)} against {string.Join(' ', Doubles(actual))}");
    }

    private static double[] Doubles(Tensor tensor)
    {
        if (tensor.numel() == 0) return [];
        if (is_complex(tensor)) return [.. tensor.contiguous().data<(float, float)>().ToArray().SelectMany(pair => new[] { (double)pair.Item1, pair.Item2 })];
        return tensor.to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    private static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => value.GetString() switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, var text => double.Parse(text!, CultureInfo.InvariantCulture) },
        _ => value.GetDouble(),
    };
}
