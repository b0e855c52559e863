using LightningSharp.Checkpointing;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Checkpointing;

public class BackgroundCheckpointWriterTests
{
    [Fact]
    public void What_is_saved_is_what_was_there_at_the_call()
    {
        using var folder = new TestFolder();
        using var weight = ones(1 << 20);
        var root = new Dictionary<string, object?> { ["w"] = weight, ["step"] = 1 };
        using (var writer = new BackgroundCheckpointWriter())
        {
            writer.Save(folder["a.ckpt"], root);
            using (no_grad()) weight.fill_(2);
            root["step"] = 2;
        }

        using var read = CheckpointFile.Read(folder["a.ckpt"]);

        Assert.Equal(1 << 20, ((Tensor)read["w"]!).sum().item<float>());
        Assert.Equal(1L, read["step"]);
    }

    [Fact]
    public async Task The_task_completes_when_the_file_is_there_and_the_follow_up_ran()
    {
        using var folder = new TestFolder();
        using var writer = new BackgroundCheckpointWriter();
        var followed = false;

        await writer.Save(folder["a.ckpt"], new Dictionary<string, object?> { ["x"] = 1 }, afterwards: () => followed = File.Exists(folder["a.ckpt"]));

        Assert.True(followed);
        Assert.False(writer.IsSaving);
    }

    [Fact]
    public void An_error_is_reported_at_once_and_thrown_once_by_the_next_call()
    {
        using var folder = new TestFolder();
        var reported = new List<string>();
        using var writer = new BackgroundCheckpointWriter(new DurableFile(new FaultyFiles(failAt: 3)), SaveErrorPolicy.Throw, error => reported.Add(error.Message));
        var save = writer.Save(folder["a.ckpt"], new Dictionary<string, object?> { ["x"] = 1 });

        var thrown = Assert.Throws<CheckpointException>(() => Begin(writer, folder["b.ckpt"], 2));

        Assert.Contains("The disk is full", thrown.Message, StringComparison.Ordinal);
        Assert.Single(reported);
        Assert.True(save.IsFaulted);
        writer.Save(folder["c.ckpt"], new Dictionary<string, object?> { ["x"] = 3 });
        writer.Wait();
        Assert.Equal(["c.ckpt"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void With_the_other_policy_an_error_is_only_reported()
    {
        using var folder = new TestFolder();
        var reported = new List<string>();
        using var writer = new BackgroundCheckpointWriter(new DurableFile(new FaultyFiles(failAt: 3)), SaveErrorPolicy.Report, error => reported.Add(error.Message));

        writer.Save(folder["a.ckpt"], new Dictionary<string, object?> { ["x"] = 1 });
        writer.Save(folder["b.ckpt"], new Dictionary<string, object?> { ["x"] = 2 });
        writer.Wait();

        Assert.Single(reported);
        Assert.Equal(["b.ckpt"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void An_error_that_nobody_saw_comes_out_of_Dispose()
    {
        using var folder = new TestFolder();
        var writer = new BackgroundCheckpointWriter(new DurableFile(new FaultyFiles(failAt: 3)), SaveErrorPolicy.Throw, null);
        writer.Save(folder["a.ckpt"], new Dictionary<string, object?> { ["x"] = 1 });

        Assert.Throws<CheckpointException>(writer.Dispose);

        writer.Dispose();
    }

    [Fact]
    public void A_value_that_is_no_data_is_an_error_of_the_call_itself()
    {
        using var writer = new BackgroundCheckpointWriter();

        Assert.Throws<CheckpointException>(() => Begin(writer, "never.ckpt", new object()));
    }

    private static void Begin(BackgroundCheckpointWriter writer, string path, object value) => _ = writer.Save(path, new Dictionary<string, object?> { ["x"] = value });
}
