namespace LightningSharp;

/// <summary>A module or a callback belongs to one run at a time: two would mix their gradients and states without an error.</summary>
internal static class Exclusive
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<object, (Trainer Trainer, int Thread)> Owners = new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes everything or throws. A run inside a hook of another one (a trial) may share: it runs while the other waits.</summary>
    /// <exception cref="InvalidOperationException">Another run has one of them.</exception>
    public static void Take(Trainer trainer, IEnumerable<object> items)
    {
        lock (Gate)
        {
            foreach (var item in items)
            {
                if (!Owners.TryGetValue(item, out var owner))
                {
                    Owners[item] = (trainer, 0);
                    continue;
                }

                if (owner.Trainer == trainer || owner.Thread == Environment.CurrentManagedThreadId) continue;
                ReleaseAll(trainer);
                throw new InvalidOperationException(
                    $"This {item.GetType().Name} object is in use by another Trainer that is running ({owner.Trainer.Stage}): two runs would mix their {(item is Callback ? "states" : "gradients")}. "
                    + "Wait for the other run, or create a second object.");
            }
        }
    }

    /// <summary>Notes the thread on which the run's hooks run.</summary>
    public static void RunsOn(Trainer trainer, int thread)
    {
        lock (Gate)
        {
            foreach (var (item, owner) in Owners.ToList())
            {
                if (owner.Trainer == trainer) Owners[item] = (trainer, thread);
            }
        }
    }

    public static void Release(Trainer trainer)
    {
        lock (Gate) ReleaseAll(trainer);
    }

    private static void ReleaseAll(Trainer trainer)
    {
        foreach (var (item, owner) in Owners.ToList())
        {
            if (owner.Trainer == trainer) Owners.Remove(item);
        }
    }
}
