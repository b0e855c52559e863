using System.Globalization;
using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>The shortest way from data in memory to a trained model.</summary>
public static class TensorFit
{
    /// <summary>Trains a module on two tensors: inputs and targets, one row per sample.</summary>
    /// <param name="trainer">The Trainer.</param>
    /// <param name="model">The module; see <see cref="LightningModule.From(nn.Module{Tensor, Tensor}, Func{Tensor, Tensor, Tensor}, Func{IEnumerable{TorchSharp.Modules.Parameter}, OptimizerSetup}, ValueTuple{string, Func{Tensor, Tensor, Tensor}}[])"/>.</param>
    /// <param name="x">Inputs [samples, …]. The tensor stays the caller's.</param>
    /// <param name="y">Targets [samples, …].</param>
    /// <param name="batchSize">Samples per batch; the last batch may be shorter.</param>
    /// <param name="validationSplit">The part of the samples, taken from the end before any shuffling, that validates instead of training; 0 for none.</param>
    /// <param name="validation">Samples to validate on, instead of a split.</param>
    /// <param name="shuffle">Train in another order in each epoch.</param>
    /// <param name="resume">A checkpoint to continue; null starts fresh.</param>
    /// <param name="cancellation">Ends training after the current batch.</param>
    /// <exception cref="ArgumentException">The tensors do not fit together, a number is out of its range, or both a split and validation data are given.</exception>
    /// <example><code>trainer.Fit(model, x, y, batchSize: 64, validationSplit: 0.2);</code></example>
    public static FitResult Fit<TInput, TOutput>(
        this Trainer trainer, LightningModule<(Tensor X, Tensor Y), TInput, TOutput> model, Tensor x, Tensor y, int batchSize = 32, double validationSplit = 0,
        (Tensor X, Tensor Y)? validation = null, bool shuffle = true, Resume? resume = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        Require(x, y);
        if (batchSize < 1) throw new ArgumentOutOfRangeException(nameof(batchSize), batchSize, $"Fit was given batchSize = {batchSize}: expected 1 or more.");
        if (validationSplit is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(validationSplit), validationSplit, $"Fit was given validationSplit = {Text(validationSplit)}: expected 0 to below 1.");
        if (validationSplit > 0 && validation is not null)
            throw new ArgumentException($"Fit was given both validationSplit = {Text(validationSplit)} and validation data. Give one of them.", nameof(validation));
        var samples = x.shape[0];
        var train = samples - (long)(samples * validationSplit);
        if (train == 0) throw new ArgumentException($"Fit has nothing to train on: {samples} samples, of which validationSplit = {Text(validationSplit)} leaves none.", nameof(validationSplit));
        using var scope = NewDisposeScope(); // views and data sets end with the run
        var trainLoader = Loader(x.narrow(0, 0, train), y.narrow(0, 0, train), batchSize, shuffle, trainer);
        DataLoader<(Tensor X, Tensor Y)>? validationLoader = null;
        if (validation is { } pair)
        {
            Require(pair.X, pair.Y);
            validationLoader = Loader(pair.X, pair.Y, batchSize, shuffle: false, trainer);
        }
        else if (train < samples)
        {
            validationLoader = Loader(x.narrow(0, train, samples - train), y.narrow(0, train, samples - train), batchSize, shuffle: false, trainer);
        }

        return trainer.Fit(model, trainLoader, validationLoader, resume, cancellation);
    }

    private static DataLoader<(Tensor X, Tensor Y)> Loader(Tensor x, Tensor y, int batchSize, bool shuffle, Trainer trainer)
        => new(new TensorDataset(x, y), batchSize, shuffle, seed: trainer.Options.Seed);

    private static void Require(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Dimensions > 0 && y.Dimensions > 0 && x.shape[0] == y.shape[0]) return;
        throw new ArgumentException(
            $"Fit was given inputs of shape [{string.Join(", ", x.shape)}] and targets of shape [{string.Join(", ", y.shape)}]: expected one row for each sample in both.", nameof(y));
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
