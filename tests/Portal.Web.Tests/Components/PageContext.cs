using System.Runtime.CompilerServices;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.DecideOwnership;
using Portal.Core.Environments.Queries;
using Portal.Core.Persistence;
using Portal.Core.Operations.RequestOperation;
using Portal.Core.Operations.Restoring;
using Portal.Core.Requests.Decide;
using Portal.Core.Requests.Queries;
using Portal.Core.Requests.RequestDeletion;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Requests.RequestReturn;
using Portal.Core.Requests.Withdraw;
using Portal.Core.Rollouts;
using Portal.Core.Rollouts.RetryRollout;
using Portal.Core.Teams;
using Portal.Core.Teams.Queries;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Live;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Watching;
using Portal.Testing;
using Portal.Web.Auth;
using Portal.Web.Live;
using Radzen;

namespace Portal.Web.Tests.Components;

/// <summary>Pages on the real domain with a database of their own; only cluster and browser are missing.</summary>
public abstract class PageContext : BunitContext, IAsyncLifetime
{
    private TestDatabase _database = null!;

    protected PageContext()
    {
        // bUnit wants a newer AngleSharp.Diffing for MarkupMatches alone, which no test here uses: keep its comparer from being constructed.
        var comparer = typeof(BunitContext).Assembly.GetType("Bunit.Diffing.HtmlComparer", throwOnError: true)!;
        Services.AddSingleton(comparer, RuntimeHelpers.GetUninitializedObject(comparer));
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    protected TestCore Core { get; private set; } = null!;

    protected string Team => Core.Team;

    /// <summary>The clusters that environments can be placed on.</summary>
    protected virtual string[] Clusters => ["sandbox"];

    /// <summary>What the platform's owners have set up.</summary>
    protected virtual PlatformOffers Platform => new(ObjectStore: false);

    public async ValueTask InitializeAsync()
    {
        _database = await TestSqlite.CreateAsync();
        Core = await TestCore.StartAsync(_database.Settings, Platform, Clusters);
        await using (var session = Core.Sessions.Open())
        {
            await session.UpsertAsync(new User("dewi", "Dewi", PlatformRole.None), [new Membership(Team, "dewi", TeamRole.Member)], CancellationToken.None);
            await session.UpsertAsync(new User("arif", "Arif", PlatformRole.Approver), [new Membership(Team, "arif", TeamRole.Member)], CancellationToken.None);
            await session.UpsertAsync(new User("vera", "Vera", PlatformRole.None), [new Membership(Team, "vera", TeamRole.Viewer)], CancellationToken.None);
            Assert.True(await session.TrySaveAsync(CancellationToken.None));
        }

        RegisterServices();
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        await Core.DisposeAsync();
        await _database.DisposeAsync();
    }

    protected void SignIn(string userId) =>
        Services.AddScoped(provider => new CurrentActor(provider.GetRequiredService<TeamQueries>(), new UnhurriedPages(PortalIdentity.Of(userId, userId, "test"))));

    /// <summary>Opens a page and waits until it has read what it shows.</summary>
    protected IRenderedComponent<TPage> Open<TPage>(Action<ComponentParameterCollectionBuilder<TPage>>? parameters = null)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        var page = Render(parameters);
        page.WaitForState(() => page.Markup.Length > 0 && page.FindAll(".waiting").Count == 0, TimeSpan.FromSeconds(10));
        return page;
    }

    /// <summary>Opens the page of an environment, on a tab when one is named.</summary>
    protected IRenderedComponent<Web.Components.Pages.Environment> OpenEnvironment(EnvironmentId id, string? tab = null)
    {
        Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().NavigateTo(Web.Urls.PortalUrls.Environment(id, tab));
        return Open<Web.Components.Pages.Environment>(parameters => parameters.Add(it => it.Number, id.ToString()));
    }

    /// <summary>Writes what the reconciler would have written.</summary>
    protected Task<Rollout> StageAsync(EnvironmentId id, Func<EnvironmentStatus, EnvironmentStatus> status, Func<Rollout, Rollout>? rollout = null) =>
        Core.Store.StageAsync(id, Core.Clock.GetUtcNow(), status, rollout);

    private void RegisterServices()
    {
        Services.AddLogging();
        Services.AddLocalization();
        Services.AddRadzenComponents();
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<PageClock>();
        Services.AddSingleton(Core.Signal);
        Services.AddSingleton(Core.Get<ClusterCatalog>());
        Services.AddSingleton(Core.Get<EnvironmentQueries>());
        Services.AddSingleton(Core.Get<RequestQueries>());
        Services.AddSingleton(Core.Get<TeamQueries>());
        Services.AddSingleton(Core.Get<RequestEnvironmentCommand>());
        Services.AddSingleton(Core.Get<RequestDeletionCommand>());
        Services.AddSingleton(Core.Get<RequestReturnCommand>());
        Services.AddSingleton(Core.Get<RequestOperationCommand>());
        Services.AddSingleton(Core.Get<RestoreSourceQueries>());
        Services.AddSingleton(Platform);
        Services.AddSingleton(Core.Get<RetryRolloutCommand>());
        Services.AddSingleton(Core.Get<DecideOwnershipCommand>());
        Services.AddSingleton(Core.Get<DecideCommand>());
        Services.AddSingleton(Core.Get<WithdrawCommand>());
        Services.AddSingleton(new StackNotes(Core.Get<EnvironmentQueries>(), new ClusterRegistry(TimeProvider.System), PlatformSettings.Default));
        Services.AddSingleton(new LiveQueries(
            Core.Get<EnvironmentQueries>(),
            new ClusterWatches(new ClusterRegistry(TimeProvider.System), new NamespaceIndex(), Core.Trigger, TimeProvider.System, NullLogger<ClusterWatch>.Instance)));
    }

    /// <summary>Answers a moment later, as a database across the network does: SQLite alone would let every page start at once.</summary>
    private sealed class UnhurriedPages(System.Security.Claims.ClaimsPrincipal user) : Microsoft.AspNetCore.Components.Authorization.AuthenticationStateProvider
    {
        public override async Task<Microsoft.AspNetCore.Components.Authorization.AuthenticationState> GetAuthenticationStateAsync()
        {
            await Task.Yield();
            return new(user);
        }
    }
}
