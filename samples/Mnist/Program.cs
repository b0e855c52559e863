using System.Globalization;
using LightningSharp;
using LightningSharp.Data;

// The seed's experiment. Options: --epochs 5  --batch-size 2048  --limit-train-batches 10 (or 0.1)  --seed 42  --fashion
if (!SampleOptions.TryParse(args, out var options)) return 2;

var trainer = new Trainer(new()
{
    MaxEpochs = options.Epochs,
    LimitTrainBatches = options.LimitTrainBatches,
    Seed = options.Seed,
});
ImageDataModule data = options.Fashion
    ? new FashionMnistDataModule(batchSize: options.BatchSize, seed: options.Seed)
    : new MnistDataModule(batchSize: options.BatchSize, seed: options.Seed);
var result = trainer.Fit(new Cnn(), data);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"val_loss {result.Metrics["val_loss"]:0.00000}"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"val_acc {result.Metrics["val_acc"]:0.00000}"));
return result.ExitCode;
