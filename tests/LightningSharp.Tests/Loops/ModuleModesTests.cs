using LightningSharp.Loops;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Loops;

public class ModuleModesTests
{
    [Fact]
    public void Every_part_gets_back_its_own_mode()
    {
        using var frozen = nn.BatchNorm1d(2);
        using var awake = nn.Dropout(0.5);
        using var inner = nn.Sequential(("frozen", frozen), ("awake", awake));
        using var root = nn.Sequential(("linear", nn.Linear(2, 2)), ("inner", inner));
        inner.eval();
        awake.train();
        var modes = new ModuleModes(root);

        root.eval();
        modes.Restore();

        Assert.True(root.training);
        Assert.False(inner.training);
        Assert.False(frozen.training);
        Assert.True(awake.training);
    }

    [Fact]
    public void A_root_in_eval_mode_goes_back_to_it_and_its_training_part_too()
    {
        using var part = nn.Linear(2, 2);
        using var root = nn.Sequential(("part", part));
        root.eval();
        part.train();
        var modes = new ModuleModes(root);

        root.train();
        part.eval();
        modes.Restore();

        Assert.False(root.training);
        Assert.True(part.training);
    }

    [Fact]
    public void Parts_in_eval_mode_are_counted_with_the_root()
    {
        using var part = nn.Linear(2, 2);
        using var root = nn.Sequential(("part", part), ("other", nn.Linear(2, 2)));

        var none = ModuleModes.CountEval(root);
        part.eval();
        var one = ModuleModes.CountEval(root);
        root.eval();

        Assert.Equal((0, 1, 3), (none, one, ModuleModes.CountEval(root)));
    }
}
