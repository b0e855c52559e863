using System.Collections;

namespace LightningSharp.Data;

/// <summary>
/// Several named loaders for evaluation, run one after another; logged keys end in <c>/name</c>. Enumerating it gives the batches of all of them in order.
/// </summary>
/// <typeparam name="TBatch">The batch type that all of them share.</typeparam>
/// <example><code>trainer.Validate(model, new LoaderGroup&lt;Batch&gt; { { "clean", clean }, { "noisy", noisy } });</code></example>
public sealed class LoaderGroup<TBatch> : IEnumerable<TBatch>
{
    private readonly List<(string Name, IEnumerable<TBatch> Loader)> _loaders = [];

    /// <summary>The loaders in the order in which they were added.</summary>
    public IReadOnlyList<(string Name, IEnumerable<TBatch> Loader)> Loaders => _loaders;

    /// <summary>Adds a loader under a name that no other one has.</summary>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public void Add(string name, IEnumerable<TBatch> loader)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(loader);
        if (_loaders.Any(other => other.Name == name))
            throw new ArgumentException($"A loader named '{name}' is in the group already; names become part of metric keys and must differ.", nameof(name));
        _loaders.Add((name, loader));
    }

    /// <summary>Adds a loader that is known by its position: keys end in <c>/dataloader_idx_N</c>, as in Lightning.</summary>
    public void Add(IEnumerable<TBatch> loader) => Add($"dataloader_idx_{_loaders.Count}", loader);

    /// <inheritdoc/>
    public IEnumerator<TBatch> GetEnumerator() => _loaders.SelectMany(entry => entry.Loader).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
