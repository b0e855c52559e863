using System.Text.Json.Nodes;

namespace LightningSharp.Conformance;

/// <summary>
/// Computes the numbers of a recorded run again, in double precision and without our library, by rules of ours that differ on purpose: the gradient of a short last
/// accumulation window is divided by its true size (D-ACC), and the frequency of a scheduler counts optimizer steps (D-LR). Everything else stays as recorded.
/// </summary>
internal sealed class Reference
{
    private readonly JsonObject _config;
    private readonly int _window;
    private readonly int? _frequency;
    private readonly List<(double Old, double New)> _numbers = [];
    private readonly double[] _weights = [.. Enumerable.Range(0, 10).Select(Start)];
    private double[] _gradient = new double[10];
    private double _rate = 0.1;
    private int _steps;

    private Reference(JsonObject testCase)
    {
        _config = testCase["config"]!.AsObject();
        _window = (int?)_config["trainer"]!["accumulate_grad_batches"] ?? 1;
        _frequency = _config["model"]!["schedulers"] is JsonArray list && (int?)list[0]!["frequency"] is { } frequency and > 1 ? frequency : null;
    }

    /// <summary>Replaces the numbers of the first call.</summary>
    public static void Apply(JsonObject testCase)
    {
        var call = testCase["expected"]!["calls"]![0]!.AsObject();
        new Reference(testCase).Rewrite(call, testCase["expected"]!["extra"] as JsonObject);
    }

    private void Rewrite(JsonObject call, JsonObject? extra)
    {
        var final = call["final"]!.AsObject();
        var batches = (int)final["num_training_batches"]!;
        var (losses, rows, size, loss) = (new JsonArray(), new JsonArray(), 1, 0.0);
        foreach (var row in call["trace"]!.AsArray().Select(item => item!.DeepClone().AsArray()))
        {
            var hook = (string)row[1]!;
            if (_frequency is not null && hook == "lr_scheduler_step") continue;
            rows.Add(row);
            var info = row[9] as JsonObject;
            switch (hook)
            {
                case "training_step":
                    var index = (int)row[5]!;
                    size = Math.Min(_window, batches - (index / _window * _window));
                    if (_frequency is null) _rate = (double)info!["lr"]!;
                    loss = Differentiate(index, size);
                    Replace(info!, "loss", loss);
                    info!["lr"] = _rate;
                    losses.Add(loss);
                    break;
                case "on_before_backward": Replace(info!, "loss", loss / size); break;
                case "grads": SetGradient(info!, _gradient); break;
                case "configure_gradient_clipping": Clip(); break;
                case "clipped": SetGradient(info!, _gradient); break;
                case "validation_step": Replace(info!, "loss", Loss(100 + ((int)row[5]! * Batch("val")), Batch("val"), null)); break;
                case "log_metrics": Map(info!["metrics"]!.AsObject()); break;
            }

            if (hook == "configure_gradient_clipping" && _config["model"]!["record_grads"] is not null && _config["trainer"]!["gradient_clip_val"] is not null) continue;
            if (hook is "configure_gradient_clipping" or "clipped") Step(rows, row);
        }

        (call["trace"], call["train_losses"]) = (rows, losses);
        foreach (var key in new[] { "callback_metrics", "logged_metrics", "progress_bar_metrics" }) Map(final[key]!.AsObject());
        final["weight"] = new JsonArray([.. Enumerable.Range(0, 2).Select(k => new JsonArray([.. Enumerable.Range(0, 4).Select(j => (JsonNode)_weights[(4 * k) + j])]))]);
        final["bias"] = new JsonArray(_weights[8], _weights[9]);
        if (extra?["lr"] is not null) extra["lr"] = new JsonArray(_frequency is null ? (double)extra["lr"]![0]! : _rate);
        if (_frequency is { } every && extra?["schedulers"]?[0]?["state"] is JsonObject state)
            (state["last_epoch"], state["_step_count"], state["_last_lr"]) = (_steps / every, (_steps / every) + 1, new JsonArray(_rate));
    }

    private void Step(JsonArray rows, JsonArray at)
    {
        for (var i = 0; i < 10; i++) _weights[i] -= _rate * _gradient[i];
        _gradient = new double[10];
        _steps++;
        if (_frequency is not { } frequency || _steps % frequency != 0) return;
        _rate *= 0.5;
        rows.Add(new JsonArray("M", "lr_scheduler_step", "train", (int)at[3]!, (long)_steps, null, null, 1, 1, new JsonObject { ["metric"] = null }));
    }

    private void Clip()
    {
        if ((double?)_config["trainer"]!["gradient_clip_val"] is not { } limit) return;
        var factor = Math.Min(1, limit / (Math.Sqrt(_gradient.Sum(value => value * value)) + 1e-6));
        for (var i = 0; i < 10; i++) _gradient[i] *= factor;
    }

    private double Differentiate(int index, int size)
    {
        var gradient = new double[10];
        var loss = Loss(index * Batch("train"), Batch("train"), gradient);
        for (var i = 0; i < 10; i++) _gradient[i] += gradient[i] / size;
        return loss;
    }

    private int Batch(string stage) => (int)_config["data"]![stage]!["batch"]!;

    private double Loss(int first, int count, double[]? gradient)
    {
        var sum = 0.0;
        for (var row = first; row < first + count; row++)
        {
            for (var k = 0; k < 2; k++)
            {
                var error = _weights[8 + k] - (float)((((5 * row) + (2 * k)) % 7) / 7.0);
                for (var j = 0; j < 4; j++) error += _weights[(4 * k) + j] * X(row, j);
                sum += error * error;
                if (gradient is null) continue;
                gradient[8 + k] += error / count;
                for (var j = 0; j < 4; j++) gradient[(4 * k) + j] += error * X(row, j) / count;
            }
        }

        return sum / (2 * count);
    }

    private static float X(int row, int j) => (float)((((7 * row) + (3 * j)) % 11) / 11.0);

    private static double Start(int i) => i < 8 ? (float)((0.1 * ((i / 4) + 1)) - (0.05 * (i % 4))) : (float)(0.01 * (i - 7));

    private static void SetGradient(JsonObject info, double[] gradient)
    {
        info["weight"] = new JsonArray([.. Enumerable.Range(0, 2).Select(k => new JsonArray([.. Enumerable.Range(0, 4).Select(j => (JsonNode)gradient[(4 * k) + j])]))]);
        info["bias"] = new JsonArray(gradient[8], gradient[9]);
    }

    private void Replace(JsonObject info, string key, double number)
    {
        _numbers.Add(((double)info[key]!, number));
        info[key] = number;
    }

    // A metric is the latest number that it was recorded as.
    private void Map(JsonObject metrics)
    {
        foreach (var key in metrics.Select(entry => entry.Key).ToList())
        {
            if (key == "epoch") continue;
            var found = _numbers.FindLastIndex(pair => pair.Old == (double)metrics[key]!);
            if (found >= 0) metrics[key] = _numbers[found].New;
        }
    }
}
