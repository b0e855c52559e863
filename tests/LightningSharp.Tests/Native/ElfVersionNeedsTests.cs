using LightningSharp.Native;

namespace LightningSharp.Tests.Native;

public class ElfVersionNeedsTests
{
    private const string Version = "GLIBCXX_3.4.32";
    private static readonly string[] Harmless = ["_ZSt21ios_base_library_initv"];

    [Fact]
    public void Only_the_flags_of_the_one_need_change()
    {
        var before = ElfBuilder.Typical().Build();
        var after = before.ToArray();

        var found = ElfVersionNeeds.MakeWeak(after, Version, Harmless);

        var changed = Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ToArray();
        Assert.True(found);
        var only = Assert.Single(changed);
        Assert.Equal(2, after[only]);
    }

    [Fact]
    public void Doing_it_twice_changes_nothing_more()
    {
        var once = ElfBuilder.Typical().Build();
        ElfVersionNeeds.MakeWeak(once, Version, Harmless);
        var twice = once.ToArray();

        Assert.True(ElfVersionNeeds.MakeWeak(twice, Version, Harmless));
        Assert.Equal(once, twice);
    }

    [Fact]
    public void A_library_without_the_need_is_left_alone()
    {
        var image = ElfBuilder.Typical().Build();
        var before = image.ToArray();

        Assert.False(ElfVersionNeeds.MakeWeak(image, "GLIBCXX_3.4.99", Harmless));
        Assert.Equal(before, image);
    }

    [Fact]
    public void A_library_that_calls_another_symbol_of_the_version_is_refused_untouched()
    {
        var builder = ElfBuilder.Typical();
        builder.Symbols.Insert(1, ("_ZSt9something", 4));
        var image = builder.Build();
        var before = image.ToArray();

        var refusal = Assert.Throws<BadImageFormatException>(() => ElfVersionNeeds.MakeWeak(image, Version, Harmless));

        Assert.Contains("_ZSt9something", refusal.Message);
        Assert.Equal(before, image);
    }

    [Fact]
    public void A_hidden_use_of_the_version_counts_too()
    {
        var builder = ElfBuilder.Typical();
        builder.Symbols.Add(("_ZSt6hidden", 0x8004));

        Assert.Throws<BadImageFormatException>(() => ElfVersionNeeds.MakeWeak(builder.Build(), Version, Harmless));
    }

    [Fact]
    public void Needs_without_symbols_are_refused()
    {
        var image = new ElfBuilder { Needs = { ("libstdc++.so.6", [(Version, 4, 0)]) }, WithoutSymbols = true }.Build();

        Assert.Throws<BadImageFormatException>(() => ElfVersionNeeds.MakeWeak(image, Version, Harmless));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(63)]
    [InlineData(64)]
    public void A_short_file_is_refused(int length)
        => Assert.Throws<BadImageFormatException>(() => ElfVersionNeeds.MakeWeak(ElfBuilder.Typical().Build().AsSpan(0, length), Version, Harmless));

    [Fact]
    public void Every_truncation_ends_in_an_answer_or_in_a_bad_image()
    {
        var image = ElfBuilder.Typical().Build();

        for (var length = 0; length < image.Length; length++) Try(image[..length]);
    }

    [Fact]
    public void Any_damage_ends_in_an_answer_or_in_a_bad_image()
    {
        const int cases = 100_000;
        var random = new Random(20260207);
        var original = ElfBuilder.Typical().Build();
        byte[] extremes = [0x00, 0x01, 0x0f, 0x10, 0x7f, 0x80, 0xff];
        var refused = 0;

        for (var i = 0; i < cases; i++)
        {
            var image = original.ToArray();
            for (var hits = random.Next(1, 5); hits > 0; hits--)
            {
                var at = random.Next(image.Length);
                var width = 1 << random.Next(4);
                var value = extremes[random.Next(extremes.Length)];
                for (var j = at; j < Math.Min(at + width, image.Length); j++) image[j] = random.Next(3) == 0 ? (byte)random.Next(256) : value;
            }

            refused += Try(image) ? 0 : 1;
        }

        Assert.InRange(refused, cases / 20, cases); // damage was really done
    }

    [Fact]
    public void TorchSharps_own_wrapper_is_corrected_in_two_bits_of_one_byte()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The wrapper of Linux is not here.");
        var before = File.ReadAllBytes(LibTorchFiles.Find("libLibTorchSharp.so")!);
        var after = before.ToArray();

        var found = ElfVersionNeeds.MakeWeak(after, Version, Harmless);

        Assert.True(found);
        Assert.Equal(1, before.Zip(after).Count(pair => pair.First != pair.Second));
    }

    // Anything but a BadImageFormatException fails the test.
    private static bool Try(byte[] image)
    {
        try
        {
            ElfVersionNeeds.MakeWeak(image, Version, Harmless);
            return true;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }
}
