using LightningSharp.Checkpointing;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Checkpointing;

public class CheckpointInspectionTests
{
    [Fact]
    public void A_Lightning_checkpoint_is_listed_without_its_tensors_being_read()
    {
        var found = CheckpointFile.Inspect(TestFiles.Real("adam_steplr.ckpt"));

        Assert.Equal(CheckpointFormat.PyTorch, found.Format);
        Assert.Equal(6645, found.FileBytes);
        Assert.Equal(["epoch", "global_step", "pytorch-lightning_version", "state_dict", "loops", "callbacks", "optimizer_states", "lr_schedulers"], found.Contents.Select(row => row.Key).Take(8));
        Assert.Contains(new ValueRow("global_step", "8"), found.Progress);
        Assert.Contains(found.Progress, row => row.Key == "epoch_progress.current.completed");
        Assert.Contains(found.Tensors, row => row.Path.StartsWith("optimizer_states.0.state.0.", StringComparison.Ordinal));
        Assert.All(found.Tensors.Where(row => row.Path.StartsWith("state_dict", StringComparison.Ordinal)), row => Assert.Equal(row.Elements * 4, row.Bytes));
    }

    [Fact]
    public void Hyper_parameters_are_listed_with_their_paths()
    {
        var found = CheckpointFile.Inspect(TestFiles.Real("hparams_datamodule.ckpt"));

        Assert.Contains(new ValueRow("lr", "0.1"), found.HyperParameters);
        Assert.Contains(new ValueRow("nested.y.1.z", "'deep'"), found.HyperParameters);
        Assert.Contains(new ValueRow("nothing", "None"), found.HyperParameters);
        Assert.Contains(new ValueRow("datamodule.folder", "'data'"), found.HyperParameters);
    }

    [Fact]
    public void Shared_memory_is_pointed_out()
    {
        var rows = CheckpointFile.Inspect(TestFiles.Real("dtypes_and_views.ckpt")).Tensors.ToDictionary(row => row.Path);

        Assert.True(rows["state_dict.view_step"].SharesMemory);
        Assert.False(rows["state_dict.bf16"].SharesMemory);
        Assert.Equal("bfloat16", rows["state_dict.bf16"].DType);
    }

    [Theory]
    [InlineData("w.safetensors")]
    [InlineData("w.pt")]
    [InlineData("w.ckpt")]
    public void Weights_are_converted_there_and_back(string name)
    {
        using var folder = new TestFolder();
        var source = TestFiles.Real("adam_steplr.ckpt");

        var count = CheckpointFile.Convert(source, folder[name]);
        CheckpointFile.Convert(folder[name], folder["back.pt"]);

        using var before = CheckpointFile.Read(source);
        using var after = CheckpointFile.Read(folder["back.pt"]);
        Assert.Equal(before.StateDict().Count, count);
        foreach (var (key, tensor) in before.StateDict()) Assert.Equal(PlainValues.Text(tensor), PlainValues.Text(after[key]));
        Assert.Equal(count, CheckpointFile.Inspect(folder[name]).Tensors.Count);
    }

    [Fact]
    public void Names_that_are_dangerous_are_only_names()
    {
        using var folder = new TestFolder();

        CheckpointFile.Convert(TestFiles.Hostile("name_traversal_keys.pt"), folder["a.safetensors"]);

        Assert.Equal(["a.safetensors"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
        Assert.Contains("../../PWNED", CheckpointFile.Inspect(folder["a.safetensors"]).Tensors.Select(row => row.Path));
    }
}
