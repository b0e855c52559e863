using LightningSharp.Tests.Support;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Reliability;

/// <summary>What every row of bad input must end in: an exception of ours (or of the kind that arguments and moments have) that says what was received and what to do.</summary>
internal static class BadInput
{
    public static Exception Refused(Func<object?> call, params string[] texts)
    {
        var error = Assert.ThrowsAny<Exception>(() => call());

        Assert.True(error is LightningException or ArgumentException or InvalidOperationException and not ObjectDisposedException, error.ToString());
        foreach (var text in texts) Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.True(is_grad_enabled());
        return error;
    }

    public static FitResult Fit(TinyModel model, IEnumerable<(Tensor X, Tensor Y)> train, IEnumerable<(Tensor X, Tensor Y)>? validation = null, TrainerOptions? options = null, Resume? resume = null)
        => new Trainer(options ?? Quiet.Options).Fit(model, train, validation, resume);
}
