using System.Globalization;

namespace LightningSharp.Tests.Reliability;

/// <summary>How much of the battery runs: LIGHTNINGSHARP_BATTERY=long for the nightly counts of docs/reliability.md, otherwise what fits CI.</summary>
internal static class Scale
{
    public static bool IsLong => Environment.GetEnvironmentVariable("LIGHTNINGSHARP_BATTERY") == "long";

    public static int Count(int fast, int full) => IsLong ? full : fast;

    /// <summary>Every battery test says how often it injected its fault, and fails when that is never.</summary>
    public static void Injected(string what, int count)
    {
        Assert.True(count > 0, $"Nothing was injected: {what}.");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"injected {count} x {what}"));
    }
}
