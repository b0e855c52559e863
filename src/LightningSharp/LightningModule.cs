using LightningSharp.Checkpointing;
using LightningSharp.Data;
using LightningSharp.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LightningSharp;

/// <summary>A Lightning module whose <c>forward</c> takes and returns other types than one tensor; see <see cref="LightningModule{TBatch}"/> for the usual case.</summary>
/// <typeparam name="TBatch">What one batch is.</typeparam>
/// <typeparam name="TInput">What <c>forward</c> takes; several inputs are a tuple or a record.</typeparam>
/// <typeparam name="TOutput">What <c>forward</c> returns.</typeparam>
public abstract partial class LightningModule<TBatch, TInput, TOutput> : nn.Module<TInput, TOutput>, ILightningModule
{
    private Trainer? _trainer;
    private bool _buffersRegistered;

    /// <summary>Creates the module and registers the sub-modules of its fields: field initialisers have run already.</summary>
    protected LightningModule()
        : base("module")
    {
        name = GetType().Name;
        ModuleRegistration.Register(this, typeof(LightningModule<TBatch, TInput, TOutput>), new Registrar(this), includeBuffers: true);
    }

    /// <inheritdoc/>
    public nn.Module Module => this;

    /// <inheritdoc/>
    public Trainer Trainer => _trainer ?? throw new InvalidOperationException(
        $"{GetType().Name} is not attached to a {nameof(Trainer)}: call {nameof(LightningSharp.Trainer.Fit)} or another entry point first.");

    /// <summary>Whether a Trainer has taken the module.</summary>
    public bool IsAttached => _trainer is not null;

    /// <summary>False: the step calls <see cref="ManualBackward"/> and the optimizers itself. Set it in the constructor.</summary>
    /// <value>Default: true.</value>
    public bool AutomaticOptimization { get; protected set; } = true;

    /// <summary>Whether a checkpoint must hold exactly the module's keys; false for modules that leave a frozen part out of <c>state_dict</c>.</summary>
    /// <value>Default: true.</value>
    public bool StrictLoading { get; protected set; } = true;

    /// <inheritdoc/>
    public int CurrentEpoch => _trainer?.CurrentEpoch ?? 0;

    /// <inheritdoc/>
    public long GlobalStep => _trainer?.GlobalStep ?? 0;

    /// <inheritdoc/>
    public Device Device => _trainer?.Strategy.Device ?? parameters().FirstOrDefault()?.device ?? CPU;

    /// <inheritdoc/>
    public virtual IReadOnlyDictionary<string, object?> HyperParameters => _hyperParameters ??= HyperParameterCapture.Read(this);

    private IReadOnlyDictionary<string, object?>? _hyperParameters;

    // ---- the science ---------------------------------------------------------------------------------------------------------------

    /// <summary>One step of training: compute the loss. The Trainer clears gradients, calls backward, clips, and steps.</summary>
    /// <param name="batch">The batch, on the module's device; freed after the step, like every tensor made here (see <see cref="Keep"/>).</param>
    /// <param name="batchIndex">Index in the epoch, from 0.</param>
    /// <returns>The loss, a tensor of one element that requires grad; null skips the batch. Anything (or null) in manual optimization.</returns>
    public virtual Tensor? TrainingStep(TBatch batch, int batchIndex)
        => throw new MisconfigurationException($"{GetType().Name} does not override {nameof(TrainingStep)}. Override it and return the loss.");

    /// <summary>The same for optimizers that take turns (<see cref="OptimizerSetup.Alternate"/>): compute the loss of the one whose turn it is.</summary>
    public virtual Tensor? TrainingStep(TBatch batch, int batchIndex, int optimizerIndex) => TrainingStep(batch, batchIndex);

    /// <summary>
    /// The same for sequences that are cut into windows over time (<see cref="TrainerOptions.TruncatedBpttSteps"/>): one optimizer step per window, and a state that goes from window to
    /// window without its gradients. Without the option the whole batch is one window.
    /// </summary>
    /// <param name="window">A part of the batch, from <see cref="SplitBatch"/>.</param>
    /// <param name="batchIndex">Index of the batch in the epoch, from 0.</param>
    /// <param name="hidden">What the previous window of this batch left; empty in the first one.</param>
    public virtual Tensor? TrainingStep(TBatch window, int batchIndex, HiddenState hidden) => TrainingStep(window, batchIndex);

    /// <summary>Cuts a batch into windows over time, in order. By default every tensor is cut along <see cref="TimeDimension"/>; the last window may be shorter.</summary>
    /// <param name="batch">The batch, on its device.</param>
    /// <param name="steps">The wanted number of time steps per window: <see cref="TrainerOptions.TruncatedBpttSteps"/>.</param>
    /// <exception cref="DataException">The tensors do not all have the same number of time steps.</exception>
    public virtual IReadOnlyList<TBatch> SplitBatch(TBatch batch, int steps) => TimeWindows.Cut(batch, steps, TimeDimension);

    /// <summary>The dimension of time in the tensors of a batch, for <see cref="SplitBatch"/>.</summary>
    /// <value>Default: 1, after the batch dimension.</value>
    protected virtual int TimeDimension => 1;

    /// <summary>One step of validation, in eval mode and without gradients: <c>Log</c> what is of interest.</summary>
    public virtual void ValidationStep(TBatch batch, int batchIndex)
        => throw new MisconfigurationException($"{GetType().Name} does not override {nameof(ValidationStep)}.");

    /// <summary>The same, with the index of the loader; override this one when several loaders differ in treatment.</summary>
    public virtual void ValidationStep(TBatch batch, int batchIndex, int dataLoaderIndex) => ValidationStep(batch, batchIndex);

    /// <summary>One step of testing, like <see cref="ValidationStep(TBatch, int)"/>; only <c>Test</c> calls it.</summary>
    public virtual void TestStep(TBatch batch, int batchIndex)
        => throw new MisconfigurationException($"{GetType().Name} does not override {nameof(TestStep)}.");

    /// <summary>The same, with the index of the loader.</summary>
    public virtual void TestStep(TBatch batch, int batchIndex, int dataLoaderIndex) => TestStep(batch, batchIndex);

    /// <summary>One step of prediction; by default <c>forward</c> on the batch, or on its first part of type <typeparamref name="TInput"/>.</summary>
    public virtual TOutput PredictStep(TBatch batch, int batchIndex) => call(BatchInput<TBatch, TInput>.Of(batch));

    /// <summary>The same, with the index of the loader.</summary>
    public virtual TOutput PredictStep(TBatch batch, int batchIndex, int dataLoaderIndex) => PredictStep(batch, batchIndex);

    /// <summary>The optimizers, and their learning-rate schedulers: an optimizer, a pair, or a list of either.</summary>
    /// <exception cref="MisconfigurationException">Not overridden, and <c>Fit</c> was called.</exception>
    public virtual OptimizerSetup ConfigureOptimizers() => throw new MisconfigurationException(
        $"{GetType().Name} does not override {nameof(ConfigureOptimizers)}. Override it, for example: "
        + $"public override OptimizerSetup {nameof(ConfigureOptimizers)}() => torch.optim.Adam(parameters(), 1e-3); or return {nameof(OptimizerSetup)}.{nameof(OptimizerSetup.None)}.");

    // ---- configuration -------------------------------------------------------------------------------------------------------------

    /// <summary>Callbacks that the model needs; one replaces a callback of the Trainer of the same or a base type.</summary>
    public virtual IEnumerable<Callback> ConfigureCallbacks() => [];

    /// <summary>Creates layers late, in every entry point: must do nothing the second time.</summary>
    public virtual void ConfigureModel()
    {
    }

    /// <inheritdoc cref="DataModule{TBatch}.PrepareData"/>
    public virtual void PrepareData()
    {
    }

    /// <inheritdoc cref="Callback.Setup"/>
    public virtual void Setup(Stage stage)
    {
    }

    /// <inheritdoc cref="Callback.Teardown"/>
    public virtual void Teardown(Stage stage)
    {
    }

    /// <inheritdoc cref="DataModule{TBatch}.TrainDataLoader"/>
    public virtual IEnumerable<TBatch>? TrainDataLoader() => null;

    /// <inheritdoc cref="DataModule{TBatch}.ValidationDataLoader"/>
    public virtual IEnumerable<TBatch>? ValidationDataLoader() => null;

    /// <inheritdoc cref="DataModule{TBatch}.TestDataLoader"/>
    public virtual IEnumerable<TBatch>? TestDataLoader() => null;

    /// <inheritdoc cref="DataModule{TBatch}.PredictDataLoader"/>
    public virtual IEnumerable<TBatch>? PredictDataLoader() => null;

    // ---- the optimization, step by step ------------------------------------------------------------------------------------------

    /// <summary>Differentiates the loss; override to do it another way.</summary>
    /// <param name="loss">The loss, divided by the accumulation window and scaled by the precision.</param>
    public virtual void Backward(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        loss.backward();
    }

    /// <summary>Takes the optimizer step; override to skip it, or to warm up. Not called for batches that only accumulate.</summary>
    public virtual void OptimizerStep(int epoch, int batchIndex, LightningOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        optimizer.StepNow();
    }

    /// <summary>Clears the gradients (to null) at the first batch of an accumulation window.</summary>
    public virtual void OptimizerZeroGrad(int epoch, int batchIndex, LightningOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        optimizer.ZeroGrad();
    }

    /// <summary>Clips before every optimizer step of automatic optimization, also when clipping is off (<paramref name="clipVal"/> is null then).</summary>
    public virtual void ConfigureGradientClipping(LightningOptimizer optimizer, double? clipVal, GradientClipAlgorithm algorithm)
        => ClipGradients(optimizer, clipVal, algorithm);

    /// <summary>Steps a scheduler.</summary>
    /// <param name="scheduler">The scheduler, as configured.</param>
    /// <param name="metric">The monitored value for schedulers that need one.</param>
    public virtual void LRSchedulerStep(SchedulerSetup scheduler, double? metric)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        scheduler.Step(metric);
    }

    // ---- what a step may use -----------------------------------------------------------------------------------------------------

    /// <inheritdoc cref="LightningSharp.Trainer.Print"/>
    /// <remarks>Without a Trainer the line is simply written.</remarks>
    public void Print(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (_trainer is { } trainer) trainer.Print(text);
        else Terminal.Display.For(ConsoleMode.Plain).Print(text);
    }

    /// <summary>Lets a tensor that was made in a step live on, for example to collect outputs until the epoch's end. The caller disposes it, or the collector does.</summary>
    protected static Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.detach().DetachFromDisposeScope();
    }

    /// <summary>The optimizers of the run, wrapped: stepping one counts as a step of training. For manual optimization.</summary>
    public IReadOnlyList<LightningOptimizer> Optimizers() => Trainer.Optimizers;

    /// <summary>The schedulers of the run. For manual optimization.</summary>
    public IReadOnlyList<SchedulerSetup> LRSchedulers() => Trainer.Schedulers;

    /// <summary>Differentiates a loss in manual optimization, with the precision's scaling and the hooks around it.</summary>
    /// <exception cref="MisconfigurationException">The module optimizes automatically.</exception>
    protected void ManualBackward(Tensor loss) => Trainer.ManualOptimization.Backward(loss, this);

    /// <summary>Clips the gradients of the optimizer's parameters; 0 does nothing, null takes the Trainer's limit, if it has one.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="clipVal">The limit; null is the Trainer's.</param>
    /// <param name="algorithm">How it applies; null is the Trainer's.</param>
    /// <exception cref="MisconfigurationException">The Trainer has another limit or algorithm.</exception>
    public void ClipGradients(LightningOptimizer optimizer, double? clipVal, GradientClipAlgorithm? algorithm = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        if (!AutomaticOptimization) Trainer.Running.Precision.Unscale(optimizer.Optimizer); // the limit is meant for gradients of their true size
        GradientClip.Apply(optimizer, clipVal, algorithm, Trainer.Options);
    }

    /// <summary>Sets <c>requires_grad</c> only for the parameters of one optimizer until disposed, so that another network's gradients are not computed.</summary>
    protected IDisposable ToggledOptimizer(LightningOptimizer optimizer) => OptimizerToggle.Enter(optimizer, Trainer.Optimizers);

    /// <summary>Stops gradients of all parameters and switches to eval mode.</summary>
    public void Freeze()
    {
        foreach (var parameter in parameters()) parameter.requires_grad = false;
        eval();
    }

    /// <summary>Allows gradients of all parameters and switches to train mode.</summary>
    public void Unfreeze()
    {
        foreach (var parameter in parameters()) parameter.requires_grad = true;
        train();
    }

    /// <summary>Registers again: finds sub-modules that the constructor's body assigned. Called by the Trainer; calling it yourself is never needed.</summary>
    protected override void RegisterComponents()
    {
        ModuleRegistration.Register(this, typeof(LightningModule<TBatch, TInput, TOutput>), new Registrar(this), includeBuffers: !_buffersRegistered);
        _buffersRegistered = true;
    }

    internal void Attach(Trainer trainer)
    {
        _trainer = trainer;
        _ownMetrics.Clear(); // fields may hold others now
        RegisterComponents();
        ModuleRegistration.RefuseCollections(this, typeof(LightningModule<TBatch, TInput, TOutput>));
    }

    /// <summary>Refuses layers that were replaced during training: neither optimizers nor checkpoints know the new ones.</summary>
    /// <exception cref="MisconfigurationException">A field holds another layer than at the start.</exception>
    internal void RequireSameLayers()
    {
        if (ModuleRegistration.Replaced(this, typeof(LightningModule<TBatch, TInput, TOutput>), new Registrar(this)) is not { } name) return;
        throw new MisconfigurationException(
            $"{GetType().Name}.{name} was replaced during training: the optimizer goes on with the old one, and checkpoints do not hold the new one. "
            + "Replace layers in ConfigureModel or between two calls of Fit, or copy new values into the old layer (load_state_dict).");
    }

    /// <summary>Gives the registration access to what nn.Module keeps protected.</summary>
    private sealed class Registrar(LightningModule<TBatch, TInput, TOutput> module) : IModuleRegistrar
    {
        public bool TryGetModule(string key, out nn.Module? child) => module._internal_submodules.TryGetValue(key, out child);

        public bool TryGetParameter(string key, out TorchSharp.Modules.Parameter? parameter) => module._internal_params.TryGetValue(key, out parameter);

        public bool HasBuffer(string key) => module._internal_buffers.ContainsKey(key);

        public void Add(string key, nn.Module child)
        {
            if (module._internal_submodules.TryGetValue(key, out _)) module._internal_submodules.Remove(key); // TorchSharp's Remove throws for a missing key
            module.register_module(key, child);
        }

        public void Add(string key, TorchSharp.Modules.Parameter parameter)
        {
            if (module._internal_params.TryGetValue(key, out _)) module._internal_params.Remove(key);
            module.register_parameter(key, parameter);
        }

        public void Add(string key, Tensor buffer) => module.register_buffer(key, buffer, persistent: true);
    }
}
