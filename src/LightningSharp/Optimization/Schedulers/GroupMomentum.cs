using static TorchSharp.torch.optim;

namespace LightningSharp.Optimization;

/// <summary>What PyTorch's cyclic schedules call momentum: the momentum of a group, or the first of its betas.</summary>
internal static class GroupMomentum
{
    public static bool UsesBetas(ILearningRateController group) => group is IBetas;

    public static bool IsSupportedBy(ILearningRateController group) => group is IMomentum or IBetas;

    public static void Write(ILearningRateController group, double momentum)
    {
        switch (group)
        {
            case IBetas betas:
                betas.Betas = (momentum, betas.Betas.Item2);
                break;
            case IMomentum plain:
                plain.Momentum = momentum;
                break;
        }
    }

    /// <exception cref="MisconfigurationException">A group has neither momentum nor betas.</exception>
    public static void Check(IReadOnlyList<ILearningRateController> groups, string scheduler, string optimizer)
    {
        if (!groups.All(IsSupportedBy))
        {
            throw new MisconfigurationException(
                $"{scheduler} cycles the momentum, but {optimizer} has neither momentum nor betas. Pass cycleMomentum: false, or use SGD, RMSProp or one of the Adam family.");
        }
    }
}
