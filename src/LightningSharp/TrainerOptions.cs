using LightningSharp.Checkpointing;
using LightningSharp.Logging;
using LightningSharp.Optimization;
using LightningSharp.Profiling;
using Microsoft.Extensions.Logging;

namespace LightningSharp;

/// <summary>Everything that can be set on a <see cref="Trainer"/>. Immutable; copies with changes are made by <c>with</c>.</summary>
/// <example><code>var trainer = new Trainer(new() { MaxEpochs = 5, GradientClipVal = 1.0 });</code></example>
public sealed record TrainerOptions
{
    /// <summary>Passes over the training data; -1 for no limit.</summary>
    /// <value>Default: 1000 when no other limit is given (with a message), otherwise no limit.</value>
    public int? MaxEpochs { get; init; }

    /// <summary>A stop that was asked for earlier waits until so many epochs are done.</summary>
    /// <value>Default: none; 1 when only <see cref="MinSteps"/> is given.</value>
    public int? MinEpochs { get; init; }

    /// <summary>Optimizer steps; -1 for no limit. Whatever limit is reached first ends the run.</summary>
    /// <value>Default: no limit.</value>
    public long? MaxSteps { get; init; }

    /// <summary>A stop that was asked for earlier waits until so many optimizer steps are done.</summary>
    /// <value>Default: none.</value>
    public long? MinSteps { get; init; }

    /// <summary>Wall time for training, checked after every batch.</summary>
    /// <value>Default: no limit.</value>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>How long to train, in any unit but a part of the run: <c>10.Epochs()</c>, <c>Duration.Samples(1_000_000)</c>. Whatever limit is reached first ends the run.</summary>
    /// <value>Default: no limit. In epochs, steps or time it is <see cref="MaxEpochs"/>, <see cref="MaxSteps"/> or <see cref="MaxTime"/>.</value>
    public Duration? MaxDuration { get; init; }

    /// <summary>A stop that was asked for earlier waits until training has lasted this long.</summary>
    /// <value>Default: none. In epochs or steps it is <see cref="MinEpochs"/> or <see cref="MinSteps"/>.</value>
    public Duration? MinDuration { get; init; }

    /// <summary>How much of the training data to use in each epoch.</summary>
    /// <value>Default: all.</value>
    public Limit LimitTrainBatches { get; init; }

    /// <summary>How much of each validation loader to use.</summary>
    /// <value>Default: all.</value>
    public Limit LimitValBatches { get; init; }

    /// <summary>How much of each test loader to use.</summary>
    /// <value>Default: all.</value>
    public Limit LimitTestBatches { get; init; }

    /// <summary>How much of each prediction loader to use.</summary>
    /// <value>Default: all.</value>
    public Limit LimitPredictBatches { get; init; }

    /// <summary>Trains and validates on so little data again and again that a sound model must fit it perfectly; shuffling is off.</summary>
    /// <value>Default: off.</value>
    public Limit OverfitBatches { get; init; } = Limit.None;

    /// <summary>A few batches of every stage, one epoch, nothing logged or saved: to find errors in minutes instead of hours.</summary>
    /// <value>Default: off.</value>
    public FastDevRun FastDevRun { get; init; }

    /// <summary>Validation batches (per loader) to run before training, so that broken validation fails at once; 0 is off, -1 all.</summary>
    /// <value>Default: 2.</value>
    public int NumSanityValSteps { get; init; } = 2;

    /// <summary>How often to validate: a fraction of the training epoch or of the run, a number of batches, steps, samples or epochs, or a time.</summary>
    /// <value>Default: once per epoch.</value>
    public Every ValCheckInterval { get; init; } = Every.Fraction(1.0);

    /// <summary>Validate only in every n-th epoch; null counts the batches of <see cref="ValCheckInterval"/> across epochs.</summary>
    /// <value>Default: 1.</value>
    public int? CheckValEveryNEpoch { get; init; } = 1;

    /// <summary>A whole validation run before the first training step, logged at step 0.</summary>
    /// <value>Default: false.</value>
    public bool ValidateAtStart { get; init; }

    /// <summary>Validate once more after the last batch of training when the interval left a tail that was not validated.</summary>
    /// <value>Default: false.</value>
    public bool ValidateAtEnd { get; init; }

    /// <summary>Step values go to the loggers at every n-th batch that stepped an optimizer; 0 is never.</summary>
    /// <value>Default: 50, or the number of such batches in an epoch when that is less.</value>
    public int? LogEveryNSteps { get; init; }

    /// <summary>Step values go to the loggers this often, in any unit, instead of <see cref="LogEveryNSteps"/>: with the first batch at or after it that steps an optimizer.</summary>
    /// <value>Default: null, as <see cref="LogEveryNSteps"/> says.</value>
    public Every? LogInterval { get; init; }

    /// <summary>Batches whose gradients are added up before the optimizer steps. A short last window is divided by its true size.</summary>
    /// <value>Default: 1.</value>
    public int AccumulateGradBatches { get; init; } = 1;

    /// <summary>
    /// Cut sequences into windows of so many time steps (truncated backpropagation through time): one optimizer step per window, no gradient from one window into the one before. The
    /// module overrides <c>TrainingStep(window, batchIndex, hidden)</c>.
    /// </summary>
    /// <value>Default: 0, off.</value>
    public int TruncatedBpttSteps { get; init; }

    /// <summary>Limit of the gradients, see <see cref="GradientClipAlgorithm"/>; null or 0 is off.</summary>
    /// <value>Default: off.</value>
    public double? GradientClipVal { get; init; }

    /// <summary>How <see cref="GradientClipVal"/> applies.</summary>
    /// <value>Default: <see cref="GradientClipAlgorithm.Norm"/>.</value>
    public GradientClipAlgorithm GradientClipAlgorithm { get; init; } = GradientClipAlgorithm.Norm;

    /// <summary>The kind of hardware.</summary>
    /// <value>Default: the best that is there.</value>
    public Accelerator Accelerator { get; init; } = Accelerator.Auto;

    /// <summary>Which or how many devices of it.</summary>
    /// <value>Default: automatic.</value>
    public Devices Devices { get; init; }

    /// <summary>Callbacks, in the order in which they run.</summary>
    /// <value>Default: none beside those that the Trainer adds (progress, summary, checkpoint).</value>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>Loggers; an empty list logs nowhere, and <c>Log</c> says nothing about it: callbacks, the screen and the results see the values all the same.</summary>
    /// <value>Default (null): CSV and TensorBoard files in the run's folder.</value>
    public IReadOnlyList<IMetricLogger>? Loggers { get; init; }

    /// <summary>Folder below which runs, logs and checkpoints are written; a leading <c>~</c> is the user's home.</summary>
    /// <value>Default: the current directory.</value>
    public string? DefaultRootDir { get; init; }

    /// <summary>Keep a checkpoint of the last epoch unless the callbacks hold a checkpoint callback of their own.</summary>
    /// <value>Default: true.</value>
    public bool EnableCheckpointing { get; init; } = true;

    /// <summary>Where checkpoints are written and read.</summary>
    /// <value>Default (null): local files, durable before training goes on. <c>new LocalCheckpointIO(background: true)</c> writes behind the training.</value>
    public ICheckpointIO? CheckpointIO { get; init; }

    /// <summary>Write <c>report.html</c> into the run's folder when <c>Fit</c> ends, also after an error or a cancellation. Off in <see cref="FastDevRun"/> and <see cref="Barebones"/>.</summary>
    /// <value>Default: true.</value>
    public bool EnableReport { get; init; } = true;

    /// <summary>Show progress on the console.</summary>
    /// <value>Default: true.</value>
    public bool EnableProgressBar { get; init; } = true;

    /// <summary>Show the table of layers before training.</summary>
    /// <value>Default: true.</value>
    public bool EnableModelSummary { get; init; } = true;

    /// <summary>How the run shows itself on the console; the environment variable <c>LIGHTNINGSHARP_CONSOLE</c> decides while this is <see cref="ConsoleMode.Auto"/>.</summary>
    /// <value>Default: <see cref="ConsoleMode.Auto"/>.</value>
    public ConsoleMode Console { get; init; } = ConsoleMode.Auto;

    /// <summary><c>Validate</c>, <c>Test</c> and <c>Predict</c> run in inference mode; false uses <c>no_grad</c>. Validation inside <c>Fit</c> always uses <c>no_grad</c>.</summary>
    /// <value>Default: true.</value>
    public bool InferenceMode { get; init; } = true;

    /// <summary>Autograd's anomaly detection while a run lasts, for the whole process: slow; a gradient that is not a number ends the run and names its operation.</summary>
    /// <value>Default: false.</value>
    public bool DetectAnomaly { get; init; }

    /// <summary>What to do about a loss that is NaN or infinite. Looked at in every step on the CPU, at every logged step elsewhere.</summary>
    /// <value>Default: <see cref="NonFiniteAction.Warn"/>.</value>
    public NonFiniteAction OnNonFinite { get; init; }

    /// <summary>
    /// Apply <see cref="OnNonFinite"/> to the gradients as well, right before each optimizer step (of LBFGS: after each of its evaluations): one pass over them, and the parameters are named. On an accelerator every step then
    /// waits for the device. Precisions with a loss scale look at them anyway and leave such steps out.
    /// </summary>
    /// <value>Default: false.</value>
    public bool CheckGradients { get; init; }

    /// <summary>Report tensors that outlive their step, with the hook that made them, before memory runs out. Costs about a microsecond per hook.</summary>
    /// <value>Default: false.</value>
    public bool LeakCheck { get; init; }

    /// <summary>Keep finalizers away from running steps (ADR 0010). Without it, other threads that allocate can corrupt TorchSharp's calls.</summary>
    /// <value>Default: true.</value>
    public bool FinalizerGate { get; init; } = true;

    /// <summary>Run on a thread of its own where an abort in native code becomes a <see cref="NativeFaultException"/> instead of the end of the process. Off under a debugger.</summary>
    /// <value>Default: true.</value>
    public bool NativeGuard { get; init; } = true;

    /// <summary>Warn at 85 % of the memory limit (control group or machine), and at 95 % stop with everything saved.</summary>
    /// <value>Default: true.</value>
    public bool MemoryWatch { get; init; } = true;

    /// <summary>After SIGTERM the run ends with its next batch. A batch that takes longer than this is given up: the state of the last step is saved from another thread.</summary>
    /// <value>Default: 20 seconds, as most orchestrators kill after 30.</value>
    public TimeSpan TerminationDeadline { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Request the loaders of module or data module again every n epochs; 0 never.</summary>
    /// <value>Default: 0.</value>
    public int ReloadDataloadersEveryNEpochs { get; init; }

    /// <summary>The fastest mode: no logger, checkpoint, progress, summary or sanity check, and <c>Log</c> does nothing.</summary>
    /// <value>Default: false.</value>
    public bool Barebones { get; init; }

    /// <summary>
    /// Seed of every random stream (torch's generators, shuffling): when the Trainer is created, so that a model that is built after it begins with the same weights, and at the start
    /// of each entry point.
    /// </summary>
    /// <value>Default: null, the streams go on as they are.</value>
    public long? Seed { get; init; }

    /// <summary>Send the module's hyper-parameters to the loggers.</summary>
    /// <value>Default: true.</value>
    public bool EnableAutologHparams { get; init; } = true;

    /// <summary>The number format of training: which type weights and inputs have, in which type the forward pass computes.</summary>
    /// <value>Default: <see cref="Precision.Float32"/>.</value>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>
    /// Automatic optimization runs TorchSharp's <c>Adam</c>, <c>AdamW</c>, <c>SGD</c> and <c>Adagrad</c> through libtorch's fused kernels: several times faster, equal within
    /// rounding. The run's optimizer is then a <see cref="FusedOptimizer"/> that shares the parameter groups. False: TorchSharp's own, to the bit.
    /// </summary>
    /// <value>Default: true.</value>
    public bool FusedOptimizers { get; init; } = true;

    /// <summary>
    /// Weights and image batches of convolutional models lie with channels innermost, where libtorch's CPU kernels are faster. <see cref="EngineMode.Auto"/>: on the CPU, for models with
    /// two-dimensional convolutions that optimize automatically; a first step that cannot work so (<c>view</c> on such a tensor) is repeated in the ordinary layout.
    /// Equal within rounding.
    /// </summary>
    /// <value>Default: <see cref="EngineMode.Auto"/>.</value>
    public EngineMode ChannelsLast { get; init; } = EngineMode.Auto;

    /// <summary>
    /// While a run lasts, the C library keeps large blocks for the next step instead of returning them to the system. <see cref="EngineMode.Auto"/>: on the CPU, on Linux with glibc, when
    /// at least 4 GiB are free. Costs memory, up to about twice the peak; results are the same to the bit.
    /// </summary>
    /// <value>Default: <see cref="EngineMode.Auto"/>.</value>
    public EngineMode MemoryPolicy { get; init; } = EngineMode.Auto;

    /// <summary>Whether only kernels whose results repeat may run. Cuts cuDNN's search for the fastest kernel.</summary>
    /// <value>Default: <see cref="Determinism.Off"/>.</value>
    public Determinism Deterministic { get; init; } = Determinism.Off;

    /// <summary>cuDNN tries its algorithms for each new shape and keeps the fastest: worth it when shapes repeat.</summary>
    /// <value>Default (null): left as it is.</value>
    public bool? Benchmark { get; init; }

    /// <summary>NVIDIA's tensor cores may round float32 factors to 10 bits of mantissa (TF32) in matrix products and convolutions: faster, less exact.</summary>
    /// <value>Default (null): left as it is.</value>
    public bool? AllowTf32 { get; init; }

    /// <summary>Is told about every action of a run: <see cref="SimpleProfiler"/> (a table of times), <see cref="TraceProfiler"/> (a Chrome trace), <see cref="MemoryProfiler"/>, or your own.</summary>
    /// <value>Default (null): none, which costs nothing.</value>
    public Profiler? Profiler { get; init; }

    /// <summary>Where messages for people go (warnings, notices).</summary>
    /// <value>Default (null): warnings to standard error.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Messages that shall not be written.</summary>
    /// <value>Default: none.</value>
    public IReadOnlySet<MessageId> SilencedMessages { get; init; } = new HashSet<MessageId>();
}
