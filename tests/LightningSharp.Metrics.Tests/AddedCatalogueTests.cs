namespace LightningSharp.Metrics.Tests;

/// <summary>Cases recorded from a later torchmetrics: metrics and settings that the first one lacks.</summary>
public class AddedCatalogueTests : CatalogueTests
{
    public static TheoryData<string, int, string> Cases => Catalogue.Rows("added");

    public static TheoryData<string, int, string> Kinds => Catalogue.Kinds("added");

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
