namespace LightningSharp.Benchmarks;

/// <summary>Every case by name, in the order in which they run.</summary>
internal static class Cases
{
    public static IReadOnlyList<(string Name, Action<BenchmarkSettings> Run)> All { get; } =
    [
        ("cnn_step_64", settings => TrainingCases.Cnn(settings, 64, steps: 20, rawMust: 0.90)),
        ("cnn_step_256", settings => TrainingCases.Cnn(settings, 256, steps: 6, rawMust: 0.75)),
        ("cnn_step_2048", settings => TrainingCases.Cnn(settings, 2048, steps: 2, rawMust: 0.55)),
        ("same_settings", TrainingCases.SameSettings),
        ("dp_threads", TrainingCases.Replicas),
        ("cnn_floor", FloorCase.Run),
        ("cnn_cuda", CudaCases.Steps),
        ("precision_cuda", CudaCases.Precisions),
        ("no_read_cuda", CudaCases.NoRead),
        ("tiny_sgd", settings => TrainingCases.Tiny(settings, "tiny", 1.10)),
        ("tiny_adam", settings => TrainingCases.Tiny(settings, "tinyadam", 0.80)),
        ("tiny_vs_lightning", TrainingCases.AgainstLightning),
        ("log_10", TrainingCases.LogTen),
        ("adam_many", OptimizerCases.Many),
        ("adam_size", OptimizerCases.Size),
        ("clip_many", OptimizerCases.Clip),
        ("adam_cuda", CudaCases.Optimizers),
        ("loader_tensor", LoaderCases.Tensors),
        ("loader_cuda", CudaCases.Loader),
        ("loader_wait", EndToEndCases.LoaderWait),
        ("fit_end_to_end", EndToEndCases.Fit),
        ("mnist_open", LoaderCases.Open),
        ("sampler_1e7", LoaderCases.Sampler),
        ("leak_2000", MemoryCases.Leak),
        ("linearity", GrowthCases.Linearity),
        ("run_length", GrowthCases.Length),
    ];
}
