using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Rollouts;
using Portal.Jobs.Activators;
using Portal.Jobs.Hosting;
using Quartz;

namespace Portal.Jobs;

/// <param name="Workers">Environments reconciled at the same time in this process.</param>
/// <param name="SweepInterval">How often every environment is looked at without a hint.</param>
public sealed record JobSettings(int Workers, TimeSpan SweepInterval)
{
    public static JobSettings Default { get; } = new(8, TimeSpan.FromSeconds(30));
}

/// <summary>Registers the work queue, its workers and the scheduled jobs.</summary>
public static class JobsServices
{
    public static IServiceCollection AddPortalJobs(this IServiceCollection services, JobSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<ReconcileQueue>();
        services.AddSingleton<IReconcileTrigger>(provider => provider.GetRequiredService<ReconcileQueue>());
        services.AddHostedService<ReconcileWorker>();

        // The sweep is the same on every node and its state is the environments themselves: nothing of it needs a job store.
        services.AddQuartz(quartz =>
        {
            quartz.UseInMemoryStore();
            quartz.AddJob<SweepJob>(job => job.WithIdentity(SweepJob.Key));
            quartz.AddTrigger(trigger => trigger
                .ForJob(SweepJob.Key)
                .StartNow()
                .WithSimpleSchedule(schedule => schedule.WithInterval(settings.SweepInterval).RepeatForever()));
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        return services;
    }
}
