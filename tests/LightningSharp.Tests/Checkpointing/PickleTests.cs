using System.Text;
using LightningSharp.Checkpointing;
using LightningSharp.Checkpointing.Archives;
using static TorchSharp.torch;

namespace LightningSharp.Tests.Checkpointing;

/// <summary>Pickles made by hand, opcode for opcode, inside of a sound container.</summary>
public class PickleTests
{
    private const string Tensor = "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0004tQK\0K\u0004\u0085K\u0001\u0085\u0089ccollections\nOrderedDict\n)RtR";

    [Fact]
    public void Plain_data_types_of_Python_become_plain_values()
    {
        using var read = Read("}(" + Entry("path", "cpathlib\nPosixPath\n(X\u0001\0\0\0/X\u0003\0\0\0tmptR") + Entry("set", "c__builtin__\nset\n](K\u0001K\u0002e\u0085R") + Entry("counter", "ccollections\nCounter\n}" + Text("a") + "K\u0002s\u0085R")
            + Entry("delta", "cdatetime\ntimedelta\nK\u0001K\u0002K\u0003\u0087R") + Entry("device", "ctorch\ndevice\n" + Text("cuda") + "K\u0001\u0086R") + Entry("dtype", "ctorch\nfloat16\n") + Entry("size", "ctorch\nSize\n(K\u0002K\u0003t\u0085R")
            + Entry("range", "c__builtin__\nxrange\nK\0K\u0005K\u0001\u0087R") + Entry("date", "cdatetime\ndatetime\nC\u000a" + "\u0007\u00ea\u000b\u0017\u000d\u0000\u0001\u0000\u0000\u0005" + "\u0085R") + Entry("parameter", "ctorch._utils\n_rebuild_parameter\n" + Tensor + "\u0088ccollections\nOrderedDict\n)R\u0087R") + "u");

        Assert.Equal("/tmp", read["path"]);
        Assert.Equal([1L, 2L], Assert.IsType<List<object?>>(read["set"]));
        Assert.Equal(2L, Assert.IsType<OrderedDictionary<string, object?>>(read["counter"])["a"]);
        Assert.Equal(new TimeSpan(1, 0, 0, 2) + TimeSpan.FromMicroseconds(3), read["delta"]);
        Assert.Equal(("cuda:1", "torch.float16"), (read["device"], read["dtype"]));
        Assert.Equal(new CheckpointTuple(2L, 3L), read["size"]);
        Assert.Equal(new CheckpointTuple(0L, 5L, 1L), read["range"]);
        Assert.Equal(new DateTime(2026, 11, 23, 13, 0, 1).AddMicroseconds(5), read["date"]);
        Assert.Equal([1f, 2, 3, 4], ((TorchSharp.torch.Tensor)read["parameter"]!).data<float>().ToArray());
    }

    [Fact]
    public void An_unknown_class_among_the_hyper_parameters_stays_an_inert_name_and_the_weights_load()
    {
        var pickle = "}(" + Entry("state_dict", "}" + Text("w") + Tensor + "s") + Entry("hyper_parameters", "}" + Text("model") + "cmy.models\nEncoder\n)\u0081}" + Text("width") + "K\u0008sbs") + "u";

        using var read = Read(pickle);
        var refused = Assert.Throws<CheckpointRefusedException>(() => Read(pickle, new CheckpointReadOptions { KeepOpaqueValues = false }));

        var opaque = Assert.IsType<OpaqueValue>(((OrderedDictionary<string, object?>)read["hyper_parameters"]!)["model"]);
        Assert.Equal("my.models.Encoder", opaque.TypeName);
        Assert.Equal(8L, Assert.IsType<OrderedDictionary<string, object?>>(opaque.State)["width"]);
        Assert.Equal(["w"], read.StateDict().Keys);
        Assert.Equal(Refusal.Unsafe, refused.Reason);
        Assert.Contains("'hyper_parameters' stands 'my.models.Encoder'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("}X\u0005\0\0\0stateq\0cmy.models\nEncoder\n)\u0081s", "'state' stands 'my.models.Encoder'")]
    [InlineData("cmy.models\nEncoder\n)\u0081", "pickled object of 'my.models.Encoder'")]
    [InlineData("cmy.models\nrun\n)R0}", "throws the result away")]
    [InlineData("}X\u0010\0\0\0hyper_parametersq\0cos\nsystem\nX\u0002\0\0\0ls\u0085Rs", "'os.system'")]
    [InlineData("}X\u0010\0\0\0hyper_parametersq\0c__builtin__\neval\nX\u0001\0\0\01\u0085Rs", "'__builtin__.eval'")]
    [InlineData("}X\u0010\0\0\0hyper_parametersq\0ctorch.nn\nModule.forward\n)Rs", "'torch.nn.Module.forward'")]
    [InlineData("}X\u0001\0\0\0xccollections\ndefaultdict\ncmy\nfactory\n\u0085Rs", "hands 'my.factory'")]
    [InlineData("ccollections\nOrderedDict\n}X\u0001\0\0\0aK\u0001sb", "changes the class")]
    [InlineData("cmy\nf\n)R)R", "calls 'my.f'")]
    public void Anything_that_asks_for_code_is_refused_as_such(string pickle, string expected)
    {
        var exception = Assert.Throws<CheckpointRefusedException>(() => Read(pickle));

        Assert.Equal(Refusal.Unsafe, exception.Reason);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("}X\u0001\0\0\0a]q\0h\0as", Refusal.Corrupt, "contains itself")]
    [InlineData("}(X\u0001\0\0\0aK\u0001X\u0001\0\0\0aK\u0002u", Refusal.Corrupt, "'a' is there twice")]
    [InlineData("}K\u0001a", Refusal.Corrupt, "APPEND needs a list")]
    [InlineData("}}s", Refusal.Corrupt, "the stack is empty")]
    [InlineData("}}K\u0001s", Refusal.Corrupt, "neither text nor a number")]
    [InlineData("}}", Refusal.Corrupt, "2 values are left")]
    [InlineData("(}", Refusal.Corrupt, "values are left")]
    [InlineData("}X\u00ff\u00ff\u00ff\u007f", Refusal.Corrupt, "are left")]
    [InlineData("}X\u0001\0\0\0\u00ff", Refusal.Corrupt, "not UTF-8")]
    [InlineData("}X\u0001\0\0\0actorch\nQInt8Storage\ns", Refusal.Version, "quantized")]
    [InlineData("\u0080\u0006}", Refusal.Version, "protocol 6")]
    public void Nonsense_is_refused_with_the_reason(string pickle, Refusal reason, string expected)
    {
        var exception = Assert.Throws<CheckpointRefusedException>(() => Read(pickle));

        Assert.Equal(reason, exception.Reason);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_refer_to_each_other_a_billion_times_are_over_a_limit()
    {
        var pickle = new StringBuilder("}" + Text("a") + "](K\u0001eq\0");
        for (var level = 0; level < 12; level++) pickle.Append("0](").Insert(pickle.Length, "h\0", 10).Append("eq\0");
        pickle.Append('s');

        // 12 lists, each with ten times the one before: 10^12 values in 300 bytes.
        var exception = Assert.Throws<CheckpointRefusedException>(() => Read(pickle.ToString()));

        Assert.Equal(Refusal.Limit, exception.Reason);
    }

    [Fact]
    public void A_tensor_far_larger_than_its_storage_is_over_a_limit()
    {
        var huge = Tensor.Replace("K\u0004\u0085K\u0001\u0085", "J\u00ff\u00ff\u00ff\u007f\u0085K\0\u0085", StringComparison.Ordinal);

        var exception = Assert.Throws<CheckpointRefusedException>(() => Read("}" + Text("w") + huge + "s"));

        Assert.Equal(Refusal.Limit, exception.Reason);
    }

    private static string Text(string text) => $"X{(char)text.Length}\0\0\0{text}";

    private static string Entry(string key, string value) => Text(key) + value;

    private static LoadedCheckpoint Read(string pickle, CheckpointReadOptions? options = null)
    {
        using var stream = new MemoryStream();
        var zip = new ZipRecordWriter(stream);
        zip.Record("archive/data.pkl", Encoding.Latin1.GetBytes(pickle + "."));
        zip.Record("archive/data/0", [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40]);
        zip.Record("archive/version", "3\n"u8);
        zip.Finish();
        stream.Position = 0;
        return CheckpointFile.Read(stream, options);
    }
}
