using System.Text.Json.Nodes;

namespace LightningSharp.Conformance;

/// <summary>One line of a trace: who, which hook, and where the run was.</summary>
internal sealed record Row(
    string Source, string Hook, string? Stage, int Epoch, long GlobalStep, int? BatchIndex, int? LoaderIndex, bool Grad, bool Training, JsonObject? Info)
{
    public string Key => $"{Source}.{Hook}";

    public static Row Of(JsonArray row) => new(
        (string)row[0]!, (string)row[1]!, (string?)row[2], (int)row[3]!, Convert.ToInt64(row[4]!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture), (int?)row[5], (int?)row[6], (int?)row[7] == 1, (int?)row[8] == 1,
        row[9]?.DeepClone() as JsonObject);

    public override string ToString()
        => $"{Key} {Stage} epoch {Epoch} step {GlobalStep} batch {BatchIndex?.ToString() ?? "-"} loader {LoaderIndex?.ToString() ?? "-"} grad {(Grad ? 1 : 0)} training {(Training ? 1 : 0)} {Info?.ToJsonString()}";
}
