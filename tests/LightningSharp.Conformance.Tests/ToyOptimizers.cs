using System.Text.Json.Nodes;
using LightningSharp.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LightningSharp.Conformance;

/// <summary>The optimizers and schedulers of a case.</summary>
internal static class ToyOptimizers
{
    public static OptimizerSetup Build(JsonObject config, nn.Module module, Linear layer, Trainer trainer)
    {
        if (config["optimizers"] is JsonArray) return [optim.SGD([layer.weight], 0.1), optim.SGD([layer.bias!], 0.1)];
        if (config["optimizer"]?.GetValueKind() == System.Text.Json.JsonValueKind.String) return OptimizerSetup.None;
        var optimizer = Optimizer(config["optimizer"] as JsonObject ?? [], config["parameters"] is null ? module.parameters() : [layer.weight]);
        if (config["schedulers"] is not JsonArray list) return optimizer;
        return new OptimizerEntry(optimizer, [.. list.OfType<JsonObject>().Select(spec => Scheduler(spec, optimizer, trainer))]);
    }

    private static optim.Optimizer Optimizer(JsonObject spec, IEnumerable<Parameter> parameters)
    {
        var rate = (double?)spec["lr"];
        return (string?)spec["kind"] switch
        {
            "Adam" => optim.Adam(parameters, rate ?? 1e-3),
            "AdamW" => optim.AdamW(parameters, rate ?? 1e-3),
            _ => optim.SGD(parameters, rate ?? 0.1, momentum: (double?)spec["momentum"] ?? 0, weight_decay: (double?)spec["weight_decay"] ?? 0),
        };
    }

    private static SchedulerSetup Scheduler(JsonObject spec, optim.Optimizer optimizer, Trainer trainer)
    {
        var args = spec["args"] as JsonObject ?? [];
        LearningRateScheduler scheduler = (string)spec["kind"]! switch
        {
            "StepLR" => new StepLR(optimizer, (int)args["step_size"]!, (double?)args["gamma"] ?? 0.1),
            "ExponentialLR" => new ExponentialLR(optimizer, (double)args["gamma"]!),
            "OneCycleLR" => new OneCycleLR(optimizer, (double)args["max_lr"]!, Total(args["total_steps"], trainer)),
            "ReduceLROnPlateau" => new ReduceLROnPlateau(optimizer, factor: (double?)args["factor"] ?? 0.1, patience: (int?)args["patience"] ?? 10),
            "MultiStepLR" => new MultiStepLR(optimizer, [.. args["milestones"]!.AsArray().Select(item => (int)item!)], (double?)args["gamma"] ?? 0.1),
            var other => throw new NotSupportedException(other),
        };
        return new SchedulerSetup(scheduler)
        {
            Interval = (string?)spec["interval"] switch
            {
                null or "epoch" => SchedulerInterval.Epoch,
                "step" => SchedulerInterval.Step,
                var other => throw new MisconfigurationException($"There is no interval {other}."), // the type refuses it at compile time
            },
            Frequency = (int?)spec["frequency"] ?? 1,
            Monitor = (string?)spec["monitor"],
            Strict = (bool?)spec["strict"] ?? true,
            Name = (string?)spec["name"],
        };
    }

    private static int? Total(JsonNode? node, Trainer trainer)
        => node is null ? null : node.GetValueKind() == System.Text.Json.JsonValueKind.String ? (int?)trainer.EstimatedSteppingBatches : (int)node;
}
