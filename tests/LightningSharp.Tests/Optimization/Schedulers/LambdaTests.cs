using LightningSharp.Optimization;

namespace LightningSharp.Tests.Optimization;

public class LambdaTests
{
    [Fact]
    public void LambdaLR_multiplies_the_base_learning_rate_from_the_start()
        => Schedule.AssertClose([0.05, 0.1, 0.15], Schedule.Curve(new LambdaLR(Schedule.Sgd(0.1), t => (t + 1) / 2.0), 3));

    [Fact]
    public void LambdaLR_takes_a_function_for_each_group()
    {
        var scheduler = new LambdaLR(Schedule.Sgd(1.0, 2.0), [t => t, t => 1.0 / (t + 1)]);

        scheduler.Step();

        Assert.Equal([1.0, 1.0], scheduler.LastLearningRates);
    }

    [Fact]
    public void LambdaLR_refuses_a_number_of_functions_that_fits_nothing()
    {
        var error = Assert.Throws<ArgumentException>(() => new LambdaLR(Schedule.Sgd(1, 2, 3), [t => t, t => t]));

        Assert.Contains("3. Received: 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MultiplicativeLR_multiplies_what_is_there_from_the_first_step_on()
        => Schedule.AssertClose([1, 0.5, 0.5 / 3, 0.5 / 12], Schedule.Curve(new MultiplicativeLR(Schedule.Sgd(1.0), t => 1.0 / (t + 1)), 4));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Resuming_draws_the_uninterrupted_curve(bool multiplicative)
        => Schedule.AssertResumesExactly(
            () => Schedule.Sgd(0.1),
            optimizer => multiplicative ? new MultiplicativeLR(optimizer, t => 1 - (0.1 / t)) : new LambdaLR(optimizer, t => 1.0 / (1 + t)),
            before: 3,
            after: 4);
}
