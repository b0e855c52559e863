using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>What registration needs of a module's insides.</summary>
internal interface IModuleRegistrar
{
    bool TryGetModule(string key, out nn.Module? child);

    bool TryGetParameter(string key, out TorchSharp.Modules.Parameter? parameter);

    bool HasBuffer(string key);

    void Add(string key, nn.Module child);

    void Add(string key, TorchSharp.Modules.Parameter parameter);

    void Add(string key, Tensor buffer);
}
