using System.Globalization;
using LightningSharp.Checkpointing;

namespace LightningSharp.Tests.Checkpointing;

public class CheckpointNameTests
{
    private static readonly Dictionary<string, double> Values = new() { ["epoch"] = 3, ["step"] = 1234, ["val_loss"] = 0.12345678, ["val/acc"] = 0.5, ["big"] = 1e20, ["n"] = 7.9 };

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{epoch}-{step}", "epoch=3-step=1234")]
    [InlineData("{epoch:02d}", "epoch=03")]
    [InlineData("{step:02d}", "step=1234")]
    [InlineData("{epoch:3d}", "epoch=  3")]
    [InlineData("{epoch:d}", "epoch=3")]
    [InlineData("{n:d}", "n=7")]
    [InlineData("{val_loss:.2f}", "val_loss=0.12")]
    [InlineData("{val_loss:f}", "val_loss=0.123457")]
    [InlineData("{val_loss:.3e}", "val_loss=1.235e-01")] // as in Python
    [InlineData("{big:.0e}", "big=1e+20")]
    [InlineData("{val_loss:e}", "val_loss=1.234568e-01")]
    [InlineData("{val_loss:.3g}", "val_loss=0.123")]
    [InlineData("{big:.3g}", "big=1e+20")]
    [InlineData("{val_loss:0.000}", "val_loss=0.123")]
    [InlineData("{val_loss}", "val_loss=0.12345678")]
    [InlineData("{val/acc}", "val_acc=0.5")]
    [InlineData("a{epoch}b", "aepoch=3b")]
    [InlineData("{nobody}", "nobody=0")]
    [InlineData("{}", "=0")]
    public void Fields_are_filled_in_with_their_names(string template, string expected) => Assert.Equal(expected, CheckpointName.Fill(template, Values, insertNames: true));

    [Theory]
    [InlineData("{epoch}-{val_loss:.2f}", "3-0.12")]
    [InlineData("m-{val/acc:.1f}", "m-0.5")]
    public void Without_names_only_the_values_are(string template, string expected) => Assert.Equal(expected, CheckpointName.Fill(template, Values, insertNames: false));

    [Fact]
    public void The_culture_changes_nothing()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };

            Assert.Equal("0.12 0.12345678 -1", CheckpointName.Fill("{val_loss:.2f} {val_loss} {x:d}", new Dictionary<string, double>(Values) { ["x"] = -1 }, insertNames: false));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void A_brace_that_is_not_closed_is_named_with_the_template()
        => Assert.Contains("'a{epoch' has a '{' without '}'", Assert.Throws<ArgumentException>(() => CheckpointName.Fill("a{epoch", Values, insertNames: true)).Message, StringComparison.Ordinal);
}
