using LightningSharp.Data;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Data;

public class BatchTransferTests
{
    [Fact]
    public void Tensors_are_found_in_every_kind_of_batch()
    {
        Assert.Single(BatchTransfer.Tensors(ones(2)));
        Assert.Equal(2, BatchTransfer.Tensors((ones(2), zeros(2))).Count);
        Assert.Equal(2, BatchTransfer.Tensors(new[] { ones(2), zeros(2) }).Count);
        Assert.Equal(2, BatchTransfer.Tensors(new List<Tensor> { ones(2), zeros(2) }).Count);
        Assert.Equal(2, BatchTransfer.Tensors(new Dictionary<string, Tensor> { ["a"] = ones(2), ["b"] = zeros(2) }).Count);
        Assert.Equal(2, BatchTransfer.Tensors(new Named(ones(2), "text", zeros(2))).Count);
        Assert.Equal(3, BatchTransfer.Tensors((ones(1), new List<Named> { new(ones(2), "x", zeros(2)) }, 7, "text")).Count);
        Assert.Single(BatchTransfer.Tensors<object>(ones(3)));
        Assert.Empty(BatchTransfer.Tensors("text"));
    }

    [Fact]
    public void A_batch_that_is_on_the_device_keeps_its_tensors()
    {
        var batch = (ones(2), new List<Tensor> { zeros(3) });

        var moved = BatchTransfer.To(batch, CPU);

        Assert.Same(batch.Item1, moved.Item1);
        Assert.Same(batch.Item2[0], moved.Item2[0]);
    }

    [Fact]
    public void Floats_are_converted_and_other_values_pass_untouched()
    {
        var batch = new Named(ones(2), "text", zeros(2, dtype: ScalarType.Int64));

        var moved = BatchTransfer.To(batch, CPU, ScalarType.Float64);

        Assert.Equal(ScalarType.Float64, moved.X.dtype);
        Assert.Equal(ScalarType.Int64, moved.Y.dtype);
        Assert.Equal("text", moved.Text);
        Assert.Equal(ScalarType.Float32, batch.X.dtype);
    }

    [Fact]
    public void A_record_struct_is_copied_with_its_tensors_replaced()
    {
        var moved = BatchTransfer.To(new Pair(ones(2), zeros(3)), CPU, ScalarType.Float64);

        Assert.Equal(ScalarType.Float64, moved.X.dtype);
        Assert.Equal(ScalarType.Float64, moved.Y.dtype);
    }

    [Fact]
    public void A_type_that_moves_itself_is_asked()
    {
        var batch = new SelfMoving(ones(2, 2));

        Assert.True(BatchTransfer.To(batch, CPU).Moved);
        Assert.Equal(17, BatchSize.Of(batch));
    }

    [Fact]
    public void The_batch_size_is_the_first_dimension_of_the_first_tensor()
    {
        Assert.Equal(5, BatchSize.Of((ones(5, 3), ones(5))));
        Assert.Equal(1, BatchSize.Of(tensor(1.0)));
        Assert.Equal(0, BatchSize.Of("no tensor"));
        Assert.Equal(4, BatchSize.Find((ones(4), ones(3)), out var ambiguous));
        Assert.True(ambiguous);
    }

    private sealed record Named(Tensor X, string Text, Tensor Y);

    private readonly record struct Pair(Tensor X, Tensor Y);

    private sealed record SelfMoving(Tensor X, bool Moved = false) : IBatch<SelfMoving>
    {
        public int Size => 17;

        public IEnumerable<Tensor> Tensors => [X];

        public SelfMoving To(Device device, bool nonBlocking) => this with { Moved = true };
    }
}
