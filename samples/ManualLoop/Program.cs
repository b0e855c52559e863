// The seed's raw `fit` function in TorchSharp: what LightningSharp takes off your hands, and what its results are compared with.
using System.Globalization;
using LightningSharp.Data;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

var epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1;
var batchSize = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2048;
manual_seed(42);
var data = new MnistDataModule(batchSize: batchSize, seed: 42);
data.PrepareData();
data.Setup(LightningSharp.Stage.Fit);
Fit(new RawCnn(), data.TrainDataLoader()!, data.ValidationDataLoader()!, epochs);

static void Fit(RawCnn model, IEnumerable<(Tensor X, Tensor Y)> train, IEnumerable<(Tensor X, Tensor Y)> test, int epochs)
{
    var device = cuda.is_available() ? CUDA : CPU;
    model.to(device);
    var optimizer = optim.Adam(model.parameters().ToArray(), lr: 1e-3);
    for (var epoch = 1; epoch <= epochs; epoch++)
    {
        if (train is ILoader loader) loader.SetEpoch(epoch - 1);
        model.train();
        List<double> trainLoss = [], trainAccuracy = [];
        foreach (var (hostX, hostY) in train)
        {
            using var scope = NewDisposeScope();
            Tensor x = hostX.to(device), y = hostY.to(device);
            optimizer.zero_grad();
            var logits = model.call(x);
            var loss = cross_entropy(logits, y);
            loss.backward();
            optimizer.step();
            trainLoss.Add(loss.item<float>());
            trainAccuracy.Add((double)y.eq(logits.argmax(1)).sum().item<long>() / y.shape[0]);
            hostX.Dispose();
            hostY.Dispose();
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"\rloss {trainLoss.Average():0.00000} acc {trainAccuracy.Average():0.00000}"));
        }

        List<double> valLoss = [], valAccuracy = [];
        model.eval();
        using (no_grad())
        {
            foreach (var (hostX, hostY) in test)
            {
                using var scope = NewDisposeScope();
                Tensor x = hostX.to(device), y = hostY.to(device);
                var logits = model.call(x);
                valLoss.Add(cross_entropy(logits, y).item<float>());
                valAccuracy.Add((double)y.eq(logits.argmax(1)).sum().item<long>() / y.shape[0]);
                hostX.Dispose();
                hostY.Dispose();
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\rEpoch {epoch}/{epochs} loss {trainLoss.Average():0.00000} val_loss {valLoss.Average():0.00000} acc {trainAccuracy.Average():0.00000} val_acc {valAccuracy.Average():0.00000}"));
    }
}
