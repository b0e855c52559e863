namespace LightningSharp.Native;

/// <summary>Hyper-parameters of one step of Adam or AdamW.</summary>
internal readonly record struct AdamSettings(
    double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay, bool Amsgrad, bool Maximize);
