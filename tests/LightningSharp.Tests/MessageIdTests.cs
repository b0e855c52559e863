using System.Globalization;
using System.Text.RegularExpressions;

namespace LightningSharp.Tests;

public partial class MessageIdTests
{
    [Fact]
    public void Every_id_is_on_the_page_of_messages_and_the_page_has_no_other()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "messages.md"));

        var documented = Row().Matches(page).Select(row => (int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture), row.Groups[2].Value));

        Assert.Equal(Enum.GetValues<MessageId>().Select(id => ((int)id, id.ToString())).Order(), documented.Order());
    }

    [Fact]
    public void No_two_messages_share_an_id()
        => Assert.Equal(Enum.GetNames<MessageId>().Length, Enum.GetValues<MessageId>().Distinct().Count());

    [GeneratedRegex(@"^\| (\d{4}) \| `(\w+)` \| .+ \| .+ \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
