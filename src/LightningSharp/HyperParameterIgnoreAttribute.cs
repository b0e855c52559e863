namespace LightningSharp;

/// <summary>Leaves an argument of a constructor out of the hyper-parameters: a secret, or something large that is no setting.</summary>
/// <example><code>sealed partial class Tagger(int width, [HyperParameterIgnore] string[] vocabulary) : LightningModule&lt;Tensor&gt; { … }</code></example>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HyperParameterIgnoreAttribute : Attribute;
