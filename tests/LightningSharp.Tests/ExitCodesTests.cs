namespace LightningSharp.Tests;

public class ExitCodesTests
{
    [Fact]
    public void Every_kind_of_end_has_its_code()
    {
        Assert.Equal(0, ExitCodes.From(null));
        Assert.Equal(1, ExitCodes.From(new InvalidOperationException()));
        Assert.Equal(2, ExitCodes.From(new MisconfigurationException()));
        Assert.Equal(2, ExitCodes.From(new ArgumentException("wrong")));
        Assert.Equal(70, ExitCodes.From(new NativeFaultException()));
        Assert.Equal(130, ExitCodes.From(new OperationCanceledException()));
    }
}
