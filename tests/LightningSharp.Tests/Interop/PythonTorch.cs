using LightningSharp.Tests.Support;

namespace LightningSharp.Tests.Interop;

/// <summary>The scripts of tests/interop, run with the Python that has torch (Debian: apt-get install python3-torch); without one the test is skipped.</summary>
internal static class PythonTorch
{
    private static readonly Lazy<string?> Python = new(FindPython);

    /// <returns>What it printed.</returns>
    public static string Run(string script, params string[] arguments)
    {
        if (Python.Value is not { } python)
        {
            Assert.Skip("No python3 with torch was found (Debian: apt-get install python3-torch); what needs Python did not run.");
            return string.Empty;
        }

        var (code, output) = Start(python, [Path.Combine(Repository.Root, "tests", "interop", script), .. arguments]);
        Assert.True(code == 0 && output.Contains("ok", StringComparison.Ordinal), output);
        TestContext.Current.TestOutputHelper?.WriteLine($"{python}: {output.Trim()}");
        return output;
    }

    private static string? FindPython()
    {
        foreach (var candidate in (string[])["/usr/bin/python3", "python3", "python"])
        {
            try
            {
                if (Start(candidate, ["-c", "import torch"]).Code == 0) return candidate;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // not there: the next one
            }
        }

        return null;
    }

    private static (int Code, string Output) Start(string program, IEnumerable<string> arguments)
    {
        // -I keeps the environment of a developer (PYTHONPATH, user packages) out.
        var (code, output, error) = ProgramRun.Of(program, ["-I", .. arguments]);
        return (code, $"{output}\n{error}");
    }
}
