using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public sealed class RunControlTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(RunRequests.None)]
    [InlineData(RunRequests.Stop)]
    [InlineData(RunRequests.Save)]
    [InlineData(RunRequests.Stop | RunRequests.Save)]
    public void What_was_asked_for_is_taken_once(RunRequests requests)
    {
        RunControl.Ask(_temp.Root, requests);
        RunControl.Ask(_temp.Root, requests); // changes nothing

        Assert.Equal(requests, RunControl.Take(_temp.Root));
        Assert.Equal(RunRequests.None, RunControl.Take(_temp.Root));
        Assert.Empty(Directory.GetFiles(_temp.Root));
    }

    [Fact]
    public void A_folder_without_a_name_is_an_error_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => RunControl.Ask("", RunRequests.Stop));
        Assert.Throws<ArgumentException>(() => RunControl.Take(""));
    }
}
