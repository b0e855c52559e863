namespace LightningSharp.Native;

/// <summary>Hyper-parameters of one step of stochastic gradient descent.</summary>
internal readonly record struct SgdSettings(
    double LearningRate, double Momentum, double Dampening, double WeightDecay, bool Nesterov, bool Maximize);
