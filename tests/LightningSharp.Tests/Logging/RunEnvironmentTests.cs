using LightningSharp.Logging;

namespace LightningSharp.Tests.Logging;

public class RunEnvironmentTests
{
    [Theory]
    [InlineData("/app/train", new[] { "/app/train.dll", "--epochs", "5" }, "/app/train --epochs 5")]
    [InlineData("/usr/bin/dotnet", new[] { "/app/train.dll", "--name", "two words" }, "dotnet /app/train.dll --name \"two words\"")]
    [InlineData("/app/train", new[] { "/app/train", "" }, "/app/train \"\"")]
    [InlineData(null, new[] { "train.dll" }, "train.dll")]
    public void The_command_is_one_that_a_shell_can_run(string? process, string[] arguments, string expected)
        => Assert.Equal(expected, RunEnvironment.Command(process, arguments));
}
