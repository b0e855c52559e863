using LightningSharp.Optimization;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Optimization;

public class StateValuesTests
{
    [Fact]
    public void Numbers_of_every_kind_are_read_and_a_missing_one_stays()
    {
        using var inTensor = tensor(2.5);
        var state = new Dictionary<string, object?> { ["double"] = 2.5, ["float"] = 2.5f, ["int"] = 2, ["true"] = true, ["false"] = false, ["tensor"] = inTensor, ["null"] = null };

        Assert.Equal([2.5, 2.5, 2, 1, 0, 2.5, 7, 7], new[] { "double", "float", "int", "true", "false", "tensor", "null", "none" }.Select(key => state.Number(key, 7)));
        Assert.True(state.Flag("int", otherwise: false));
        Assert.False(state.Flag("false", otherwise: true));
        Assert.True(state.Flag("null", otherwise: true));
        Assert.True(state.Flag("none", otherwise: true));
    }

    [Fact]
    public void Texts_are_texts_or_nothing()
    {
        var state = new Dictionary<string, object?> { ["text"] = "a", ["number"] = 1 };

        Assert.Equal(("a", null, null), (state.Text("text"), state.Text("number"), state.Text("none")));
    }

    [Theory]
    [InlineData(3.0, 3L)]
    [InlineData(-3.0, -3L)]
    [InlineData(8_999_999_999_999_999.0, 8_999_999_999_999_999L)]
    public void Whole_numbers_come_as_such(double value, long expected)
        => Assert.Equal(expected, new Dictionary<string, object?> { ["n"] = value }.Whole("n", 0));

    [Theory]
    [InlineData(2.5)]
    [InlineData(9e15)]
    [InlineData(-9e15)]
    [InlineData(double.NaN)]
    public void A_part_of_a_number_and_one_that_is_too_large_are_refused(double value)
        => Assert.Contains("'n' = ", Assert.Throws<CheckpointException>(() => new Dictionary<string, object?> { ["n"] = value }.Whole("n", 0)).Message, StringComparison.Ordinal);

    [Fact]
    public void Lists_and_tuples_of_numbers_are_read()
    {
        var state = new Dictionary<string, object?> { ["list"] = new List<object?> { 1L, 2.5 }, ["array"] = new[] { 1, 2 }, ["text"] = "12", ["map"] = new Dictionary<string, object?>(), ["null"] = null };

        Assert.Equal([1, 2.5], state.Numbers("list")!); // the key is there
        Assert.Equal([1, 2], state.Numbers("array")!); // the key is there
        Assert.Null(state.Numbers("null"));
        Assert.Null(state.Numbers("none"));
        Assert.Contains("String under 'text', a list was expected", Assert.Throws<CheckpointException>(() => state.Numbers("text")).Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointException>(() => state.Numbers("map"));
    }

    [Fact]
    public void Dictionaries_with_whole_keys_are_read_however_the_keys_came()
    {
        object?[] given =
        [
            new Dictionary<long, object?> { [0] = "a", [12] = "b" }, new Dictionary<string, object?> { ["0"] = "a", ["12"] = "b" }, new Dictionary<int, string> { [0] = "a", [12] = "b" },
        ];

        foreach (var dictionary in given) Assert.Equal([new(0, "a"), new(12, "b")], StateValues.IntegerKeyed(dictionary, "state"));
        Assert.Contains("nothing under 'state', a dictionary", Assert.Throws<CheckpointException>(() => StateValues.IntegerKeyed(null, "state")).Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointException>(() => StateValues.IntegerKeyed(new Dictionary<string, object?> { ["x"] = 1 }, "state").ToList());
    }

    [Fact]
    public void What_is_no_number_is_named_with_its_type_and_key()
    {
        using var two = zeros(2);

        Assert.Contains("holds String under 'lr', a number was expected", Assert.Throws<CheckpointException>(() => StateValues.ToNumber("0.1", "lr")).Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointException>(() => StateValues.ToNumber(two, "lr"));
    }
}
