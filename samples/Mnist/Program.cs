using System.Globalization;
using LightningSharp;
using LightningSharp.Data;

var trainer = new Trainer(new() { MaxEpochs = 1, LimitTrainBatches = 20 });
var result = trainer.Fit(new Cnn(), new MnistDataModule(batchSize: 64));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"val_loss {result.Metrics["val_loss"]:0.00000}"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"val_acc  {result.Metrics["val_acc"]:0.00000}"));
