using LightningSharp.Callbacks;
using LightningSharp.Data;
using LightningSharp.Logging;
using LightningSharp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Reliability;

/// <summary>What somebody meets on the first day: said where it happened, with names that exist.</summary>
public class FirstRunTests
{
    [Fact]
    public void A_seed_repeats_the_weights_of_a_model_that_is_built_after_the_Trainer()
    {
        Assert.Equal(Weights(7), Weights(7));
        Assert.NotEqual(Weights(7), Weights(8));

        static float[] Weights(long seed)
        {
            _ = new Trainer(Quiet.Options with { Seed = seed });
            using var layer = nn.Linear(4, 2);
            return layer.weight!.data<float>().ToArray();
        }
    }

    [Fact]
    public void Validation_data_without_batches_are_named()
    {
        var log = new ListLog();

        new Trainer(Quiet.Options with { LoggerFactory = log }).Fit(new TinyModel(), ToyData.Batches(8, 4), Array.Empty<(Tensor X, Tensor Y)>());

        Assert.Single(log.Lines, line => line.Id == (int)MessageId.ValidationIncomplete && line.Text.Contains("has no batches", StringComparison.Ordinal));
    }

    [Fact]
    public void RestoreBest_names_no_option_that_it_has_not()
    {
        var trainer = new Trainer(Quiet.Options with { Callbacks = [new RestoreBest("val_los")] });

        var exception = Assert.Throws<MisconfigurationException>(() => trainer.Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(8, 4)));

        Assert.Contains("Did you mean 'val_loss'?", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Strict", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_folder_that_cannot_be_made_names_the_option()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "file");
        File.WriteAllText(file, "");

        var exception = Assert.Throws<MisconfigurationException>(() => new Trainer(Quiet.Options with { Loggers = [new CsvLogger()], DefaultRootDir = file }).Fit(new TinyModel(), ToyData.Batches(4, 4)));

        Assert.Contains("TrainerOptions.DefaultRootDir or", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Early_stopping_says_how_much_was_not_enough()
    {
        var stopping = new EarlyStopping("val_loss") { Patience = 1, MinDelta = 10 };

        new Trainer(Quiet.Options with { MaxEpochs = 5, Callbacks = [stopping] }).Fit(new TinyModel(), ToyData.Batches(8, 4), ToyData.Batches(8, 4));

        Assert.StartsWith("val_loss did not improve by more than 10.000 in the last check;", stopping.StoppingReasonMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_that_libtorch_refuses_and_the_batch_are_two_sentences()
    {
        var exception = Assert.Throws<StepException>(() => new Trainer(Quiet.Options).Fit(new TinyModel(), [(rand(4, 7), rand(4, 2))]));

        Assert.Contains("(4x7 and 4x2). The batch is Float32 [4, 7]", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_made_of_a_function_is_not_called_by_a_type_of_ours()
    {
        using var scope = NewDisposeScope();
        var data = Dataset.From(4, i => (new float[i + 1], 1L));

        var wrongBatch = Assert.Throws<MisconfigurationException>(() => new DataLoader<(Tensor, Tensor, Tensor)>(data, 2));
        var broken = Assert.Throws<DataException>(() => new DataLoader<Tensor>(Dataset.From<float[]>(4, i => throw new IOException("gone")), 2).ToList());

        Assert.StartsWith("The data set gives 2 column(s)", wrongBatch.Message, StringComparison.Ordinal);
        Assert.Null(wrongBatch.InnerException);
        Assert.StartsWith("The data set threw IOException", broken.Message, StringComparison.Ordinal);
    }
}
