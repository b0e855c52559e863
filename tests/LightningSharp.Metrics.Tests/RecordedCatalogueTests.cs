#pragma warning disable CA1000 // xunit reads the data from static members of the class that has the theories
namespace LightningSharp.Metrics.Tests;

/// <summary>The rules of <see cref="CatalogueTests"/> over the cases of one file.</summary>
/// <typeparam name="TSelf">The class that derives from this one: it names the file.</typeparam>
public abstract class RecordedCatalogueTests<TSelf> : CatalogueTests
    where TSelf : IRecordedFile
{
    public static TheoryData<string, int, string> Cases => Catalogue.Rows(TSelf.File);

    public static TheoryData<string, int, string> Kinds => Catalogue.Kinds(TSelf.File);

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Value_equals_what_torchmetrics_gives(string file, int index, string label) => Named(label, () => Check_value_equals_recorded(file, index));

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Order_of_batches_does_not_matter(string file, int index, string label) => Named(label, () => Check_order_of_batches_does_not_matter(file, index));

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Shards_merge_to_the_whole(string file, int index, string label) => Named(label, () => Check_shards_merge_to_the_whole(file, index));

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Forward_gives_the_batch_and_keeps_the_whole(string file, int index, string label) => Named(label, () => Check_forward_gives_the_batch_and_keeps_the_whole(file, index));

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Clone_and_saved_state_continue(string file, int index, string label) => Named(label, () => Check_clone_and_saved_state_continue(file, index));

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Nothing_is_left_behind(string file, int index, string label) => Named(label, () => Check_nothing_is_left_behind(file, index));

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void NaN_is_survived(string file, int index, string label) => Named(label, () => Check_NaN_is_survived(file, index));
}
