using LightningSharp.Native;

namespace LightningSharp.Tests.Native;

public class LibTorchDiagnosisTests
{
    [Fact]
    public void The_loaders_own_reason_is_shown_and_not_the_runtimes_advice()
    {
        var cause = new TypeInitializationException("torch", new DllNotFoundException(
            "Unable to load shared library 'LibTorchSharp' or one of its dependencies. Consider using a tool like strace:\n"
            + "/lib/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by /app/libLibTorchSharp.so)\n/usr/x: cannot open"));

        var message = LibTorchDiagnosis.Explain(cause).Message;

        Assert.Contains("version `GLIBCXX_3.4.29' not found", message);
        Assert.DoesNotContain("strace", message);
        Assert.Contains("apt-get install libstdc++6", message);
        Assert.Equal(5, message.Split('\n').Length);
    }

    [Fact]
    public void A_cause_without_details_still_gives_five_lines()
    {
        Assert.Equal(5, LibTorchDiagnosis.Explain(null).Message.Split('\n').Length);
        Assert.Equal(5, LibTorchDiagnosis.Explain(new IOException("")).Message.Split('\n').Length);
    }
}
