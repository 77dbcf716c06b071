using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core.Environments.DecideOwnership;
using Portal.Core.Environments.Queries;
using Portal.Core.Feeds;
using Portal.Core.Operations.RequestOperation;
using Portal.Core.Operations.Restoring;
using Portal.Core.Persistence;
using Portal.Core.Persistence.Stores;
using Portal.Core.Requests.Decide;
using Portal.Core.Requests.Queries;
using Portal.Core.Requests.RequestChange;
using Portal.Core.Requests.RequestDeletion;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Requests.RequestReturn;
using Portal.Core.Requests.Withdraw;
using Portal.Core.Rollouts;
using Portal.Core.Rollouts.RetryRollout;
using Portal.Core.Teams.Queries;

namespace Portal.Core;

/// <summary>Registers the domain: database, commands, queries and feeds.</summary>
public static class CoreServices
{
    /// <remarks>The host adds an <c>IPlanner</c>, an <c>IReconcileTrigger</c>, a <c>ClusterCatalog</c> and <c>PlatformOffers</c>.</remarks>
    public static IServiceCollection AddPortalCore(this IServiceCollection services, DatabaseSettings database)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(database);
        if (database.IsPostgres)
        {
            services.AddPooledDbContextFactory<PostgresPortalDbContext>(options => PortalDatabase.Configure(options, database));
            services.AddSingleton(provider => new PortalSessions(provider.GetRequiredService<IDbContextFactory<PostgresPortalDbContext>>().CreateDbContext, singleWriter: false));
        }
        else
        {
            services.AddPooledDbContextFactory<SqlitePortalDbContext>(options => PortalDatabase.Configure(options, database));
            services.AddSingleton(provider => new PortalSessions(
                provider.GetRequiredService<IDbContextFactory<SqlitePortalDbContext>>().CreateDbContext, singleWriter: true) { Forgetful = PortalDatabase.Forgetful(database, provider).CreateDbContext });
        }

        services.AddSingleton<IReconcileStore, ReconcileStore>();
        services.AddSingleton<ChangeSignal>();
        services.AddSingleton<RequestEnvironmentCommand>();
        services.AddSingleton<RequestChangeCommand>();
        services.AddSingleton<RequestDeletionCommand>();
        services.AddSingleton<RequestReturnCommand>();
        services.AddSingleton<RequestOperationCommand>();
        services.AddSingleton<RestoreSourceQueries>();
        services.AddSingleton<RetryRolloutCommand>();
        services.AddSingleton<DecideOwnershipCommand>();
        services.AddSingleton<DecideCommand>();
        services.AddSingleton<WithdrawCommand>();
        services.AddSingleton<EnvironmentQueries>();
        services.AddSingleton<RequestQueries>();
        services.AddSingleton<TeamQueries>();
        return services;
    }
}
