using LightningSharp.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a training to a host.</summary>
public static class TrainingServices
{
    /// <summary>Adds a training that is one expression.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="fit">Trains and returns what <c>Fit</c> gave; runs once, on a thread of its own, after the host has started.</param>
    /// <param name="configure">Changes how the host runs it; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">There is a training already.</exception>
    /// <example><code>
    /// var builder = Host.CreateApplicationBuilder(args);
    /// builder.Services.AddTraining(run =&gt; run.Trainer.Fit(new Cnn(), new MnistDataModule(), run.Resume, run.Cancellation));
    /// builder.Build().Run();
    /// </code></example>
    public static IServiceCollection AddTraining(this IServiceCollection services, Func<HostedRun, LightningSharp.FitResult> fit, Action<HostedTrainingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(fit);
        AddRunner(services, configure);
        return services.AddScoped<ITraining>(_ => new DelegateTraining(fit));
    }

    /// <summary>Adds a training whose constructor gets what it needs from the container.</summary>
    /// <typeparam name="TTraining">The training.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes how the host runs it; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">There is a training already.</exception>
    public static IServiceCollection AddTraining<
        [System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicConstructors)] TTraining>(
        this IServiceCollection services, Action<HostedTrainingOptions>? configure = null)
        where TTraining : class, ITraining
    {
        ArgumentNullException.ThrowIfNull(services);
        AddRunner(services, configure);
        return services.AddScoped<ITraining, TTraining>();
    }

    private static void AddRunner(IServiceCollection services, Action<HostedTrainingOptions>? configure)
    {
        if (services.Any(service => service.ServiceType == typeof(ITraining)))
            throw new InvalidOperationException("AddTraining was called twice: the random numbers of libtorch belong to the process, and two trainings beside each other would change each other's results. Add one training per host.");
        var options = new HostedTrainingOptions();
        configure?.Invoke(options);
        services.AddSingleton(options);
        services.TryAddSingleton<TrainingStatus>();
        services.AddSingleton<IHostedService, TrainingService>();
    }
}
