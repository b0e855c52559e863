using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using LightningSharp.Metrics.Classification;
using TorchSharp;
using Found = LightningSharp.Metrics.Detection.Detections;
using static TorchSharp.torch;

namespace LightningSharp.Metrics.Tests;

/// <summary>Every recorded case: a metric of ours by name, its arguments, batches, and the value that torchmetrics gave.</summary>
public static class Catalogue
{
    private static readonly ConcurrentDictionary<string, RecordedCase[]> Files = new();

    private static readonly Dictionary<string, Type> Types = typeof(Metric).Assembly.GetTypes()
        .Where(t => t is { IsPublic: true, IsAbstract: false, IsGenericTypeDefinition: false } && t.IsAssignableTo(typeof(Metric)))
        .ToDictionary(t => t.Name);

    /// <summary>Argument names of torchmetrics that say something else here.</summary>
    private static readonly Dictionary<string, string> Renamed = new() { ["n_bins"] = "bins", ["n_gram"] = "nGram" };

    public static IEnumerable<Type> AllMetrics => Types.Values;

    public static RecordedCase[] Of(string file) => Files.GetOrAdd(file, Read);

    public static TheoryData<string, int, string> Rows(string file)
    {
        var rows = new TheoryData<string, int, string>();
        var cases = Of(file);
        for (var i = 0; i < cases.Length; i++) rows.Add(file, i, cases[i].Label);
        return rows;
    }

    /// <summary>One case per metric and set of arguments: what does not depend on the values is checked on these.</summary>
    public static TheoryData<string, int, string> Kinds(string file)
    {
        var rows = new TheoryData<string, int, string>();
        var seen = new HashSet<string>();
        var cases = Of(file);
        for (var i = 0; i < cases.Length; i++)
        {
            if (seen.Add($"{cases[i].Name}({string.Join(',', cases[i].Args.Keys)}){cases[i].OrderFree}")) rows.Add(file, i, cases[i].Label);
        }

        return rows;
    }

    public static Metric Create(RecordedCase recorded, bool validate = true)
    {
        var type = Types.TryGetValue(recorded.Name, out var found) ? found : throw new InvalidOperationException($"No metric {recorded.Name}.");
        var metric = (Metric)type.GetConstructors().Single().Invoke(Settings(recorded, type.GetConstructors().Single().GetParameters()));
        if (!validate) typeof(Metric).GetProperty(nameof(Metric.ValidateArgs))!.SetValue(metric, false);
        return metric;
    }

    /// <summary>The value of one batch by a metric's function.</summary>
    public static Tensor Evaluate(MethodInfo function, RecordedCase recorded, JsonElement batch)
    {
        var parameters = function.GetParameters();
        if (parameters[^1].ParameterType == typeof(ScoreKind)) return (Tensor)function.Invoke(null, [.. Given(parameters[..^1], recorded, batch), ScoreKind.Auto])!;
        return (Tensor)function.Invoke(null, Given(parameters, recorded, batch))!;
    }

    private static object?[] Given(ParameterInfo[] parameters, RecordedCase recorded, JsonElement batch)
    {
        var inputs = parameters.Length - Types[recorded.Name].GetConstructors().Single().GetParameters().Length;
        var given = parameters[..inputs].Select((p, i) => Input(batch[i], p.ParameterType, spoil: false));
        return [.. given, .. Settings(recorded, parameters[inputs..])];
    }

    public static object?[] Settings(RecordedCase recorded, ParameterInfo[] parameters)
    {
        var given = recorded.Args.ToDictionary(a => Renamed.GetValueOrDefault(a.Key) ?? Camel(a.Key), a => a.Value);
        var unknown = given.Keys.Except(parameters.Select(p => p.Name!)).ToArray();
        if (unknown.Length > 0) throw new InvalidOperationException($"{recorded.Name} has no argument {string.Join(", ", unknown)}.");
        return [.. parameters.Select(p => given.TryGetValue(p.Name!, out var v) ? Argument(v, p) : Default(p))];
    }

    public static void Update(Metric metric, JsonElement batch) => Call(metric, "Update", batch);

    /// <summary>The batch with one NaN among the predictions, if they are numbers with a fraction.</summary>
    public static void UpdateWithNaN(Metric metric, JsonElement batch) => Call(metric, "Update", batch, spoil: true);

    public static Tensor Forward(Metric metric, JsonElement batch) => (Tensor)Call(metric, "Forward", batch)!;

    public static Tensor Evaluate(Metric metric, JsonElement batch) => (Tensor)Call(metric, "Evaluate", batch)!;

    public static Tensor ToTensor(JsonElement e)
    {
        var shape = e.GetProperty("s").EnumerateArray().Select(x => x.GetInt64()).ToArray();
        var values = e.GetProperty("v").EnumerateArray();
        return e.GetProperty("t").GetString() switch
        {
            "f" => tensor(values.Select(Number).Select(x => (float)x).ToArray()).reshape(shape),
            "i" => tensor(values.Select(x => x.GetInt64()).ToArray()).reshape(shape),
            _ => tensor(values.Select(x => x.GetInt64() != 0).ToArray()).reshape(shape),
        };
    }

    public static double Number(JsonElement e)
        => e.ValueKind == JsonValueKind.String ? e.GetString() switch { "nan" => double.NaN, "inf" => double.PositiveInfinity, _ => double.NegativeInfinity } : e.GetDouble();

    private static object? Call(Metric metric, string method, JsonElement batch, bool spoil = false)
    {
        var type = metric.GetType();
        while (!type!.IsGenericType || type.GetGenericTypeDefinition() != typeof(Metric<>)) type = type.BaseType;
        var input = type.GetGenericArguments()[0];
        var tuple = input.IsGenericType && input.Name.StartsWith("ValueTuple", StringComparison.Ordinal);
        var argument = tuple
            ? Activator.CreateInstance(input, [.. input.GetGenericArguments().Select((t, i) => Input(batch[i], t, spoil && i == 0))])
            : Input(batch[0], input, spoil);
        try
        {
            return type.GetMethod(method, [input])!.Invoke(metric, [argument]);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            throw e.InnerException;
        }
    }

    private static object? Input(JsonElement e, Type type, bool spoil)
    {
        if (type == typeof(Tensor)) return spoil ? Spoilt(ToTensor(e)) : ToTensor(e);
        if (type == typeof(string)) return e.GetString();
        if (type.IsAssignableFrom(typeof(string[])) && type != typeof(object)) return e.EnumerateArray().Select(x => x.GetString()!).ToArray();
        if (type.IsAssignableFrom(typeof(string[][]))) return e.EnumerateArray().Select(x => x.EnumerateArray().Select(y => y.GetString()!).ToArray()).ToArray();
        if (type.IsAssignableFrom(typeof(Found[]))) return e.EnumerateArray().Select(ToDetections).ToArray();
        throw new NotSupportedException(type.ToString());
    }

    private static Tensor Spoilt(Tensor values)
    {
        if (values.is_floating_point() && values.numel() > 0) values.view(-1).narrow(0, 0, 1).fill_(double.NaN);
        return values;
    }

    private static Found ToDetections(JsonElement e)
    {
        var d = e.GetProperty("d");
        return new(ToTensor(d.GetProperty("boxes")), ToTensor(d.GetProperty("labels")), d.TryGetProperty("scores", out var s) ? ToTensor(s) : null);
    }

    private static object? Argument(JsonElement value, ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (type == typeof(Thresholds))
        {
            return value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.Number => (Thresholds)value.GetInt32(),
                _ => (Thresholds)value.EnumerateArray().Select(x => x.GetDouble()).ToArray(),
            };
        }

        if (type.IsEnum)
        {
            if (value.ValueKind == JsonValueKind.Null) return Enum.Parse(type, "None");
            if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return Enum.Parse(type, value.GetBoolean() ? "True" : "None");
            return Enum.Parse(type, value.GetString()!.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
        }

        if (value.ValueKind == JsonValueKind.Null) return null;
        if (type == typeof(int)) return value.GetInt32();
        if (type == typeof(long)) return value.GetInt64();
        if (type == typeof(double)) return value.GetDouble();
        if (type == typeof(bool)) return value.GetBoolean();
        if (type == typeof(string)) return value.GetString();
        if (type == typeof((double, double))) return (value[0].GetDouble(), value[1].GetDouble());
        if (type.IsAssignableFrom(typeof(long[]))) return value.EnumerateArray().Select(x => x.GetInt64()).ToArray();
        if (type.IsAssignableFrom(typeof(int[]))) return value.EnumerateArray().Select(x => x.GetInt32()).ToArray();
        if (type.IsAssignableFrom(typeof(double[]))) return value.EnumerateArray().Select(x => x.GetDouble()).ToArray();
        if (type.IsAssignableFrom(typeof(string[]))) return value.EnumerateArray().Select(x => x.GetString()!).ToArray();
        throw new NotSupportedException($"{parameter.Name}: {type}");
    }

    private static object? Default(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue) throw new InvalidOperationException($"The case lacks the argument {parameter.Name}.");
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return parameter.DefaultValue is { } v && type.IsEnum ? Enum.ToObject(type, v)
            : parameter.DefaultValue is null && type.IsValueType && type == parameter.ParameterType ? Activator.CreateInstance(type)
            : parameter.DefaultValue;
    }

    private static string Camel(string snake)
    {
        var words = snake.Split('_');
        return words[0] + string.Concat(words.Skip(1).Select(w => char.ToUpper(w[0], CultureInfo.InvariantCulture) + w[1..]));
    }

    private static RecordedCase[] Read(string file)
    {
        var root = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recorded", file + ".json"))).RootElement;
        var inputs = root.GetProperty("inputs").EnumerateArray().ToArray();
        return [.. root.GetProperty("cases").EnumerateArray().Select(c => new RecordedCase(
            c.GetProperty("name").GetString()!,
            c.GetProperty("args").EnumerateObject().ToDictionary(p => p.Name, p => p.Value),
            [.. inputs[c.GetProperty("updates").GetInt32()].EnumerateArray()],
            c.GetProperty("expect"),
            !c.TryGetProperty("order", out var order) || order.GetBoolean(),
            c.TryGetProperty("tol", out var tol) ? tol.GetDouble() : 1e-5,
            c.TryGetProperty("differs", out var differs) ? differs.GetString() : null))];
    }
}
