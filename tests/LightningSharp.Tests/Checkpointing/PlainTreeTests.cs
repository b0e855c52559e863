using LightningSharp.Checkpointing;

namespace LightningSharp.Tests.Checkpointing;

public class PlainTreeTests
{
    [Fact]
    public void Leaves_have_dotted_paths_in_order_and_empty_containers_are_leaves()
    {
        var tree = new OrderedDictionary<string, object?>
        {
            ["a"] = 1L,
            ["b"] = new OrderedDictionary<string, object?> { ["c"] = new List<object?> { 2L, new List<object?>() }, ["d"] = new OrderedDictionary<long, object?> { [7] = null } },
            ["e"] = new OrderedDictionary<object, object?> { [3L] = "x" },
        };

        Assert.Equal(["a", "b.c.0", "b.c.1", "b.d.7", "e.3"], PlainTree.Leaves(tree).Select(leaf => leaf.Path));
        Assert.Equal([("", (object?)5L)], PlainTree.Leaves(5L));
    }

    [Fact]
    public void Values_are_shown_as_Python_writes_them()
    {
        object?[] values = [null, true, false, "a", 1.5, 3L, new byte[2], new CheckpointTuple(), new List<object?>(), new OrderedDictionary<string, object?>()];

        Assert.Equal(["None", "True", "False", "'a'", "1.5", "3", "2 bytes", "()", "[]", "{}"], values.Select(PlainTree.Show));
    }
}
