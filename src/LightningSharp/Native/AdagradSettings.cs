namespace LightningSharp.Native;

/// <summary>Hyper-parameters of one step of Adagrad.</summary>
internal readonly record struct AdagradSettings(double LearningRate, double LearningRateDecay, double WeightDecay, double Epsilon);
