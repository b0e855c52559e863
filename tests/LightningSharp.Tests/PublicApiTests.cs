using LightningSharp.Tests.Support;
using PublicApiGenerator;

namespace LightningSharp.Tests;

public class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_reviewed_text()
    {
        var api = typeof(Trainer).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false });

        Golden.Matches("core", [api.Replace("\r\n", "\n", StringComparison.Ordinal)]);
    }
}
