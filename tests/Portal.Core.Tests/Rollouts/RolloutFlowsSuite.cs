using Portal.Core.Environments;
using Portal.Core.Environments.DecideOwnership;
using Portal.Core.Environments.Queries;
using Portal.Core.Environments.Specs;
using Portal.Core.Requests;
using Portal.Core.Requests.RequestDeletion;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Requests.RequestReturn;
using Portal.Core.Results;
using Portal.Core.Rollouts;
using Portal.Core.Rollouts.RetryRollout;
using Portal.Core.Tests.Persistence;
using Portal.Core.Tests.Requests;
using Portal.Testing;

namespace Portal.Core.Tests.Rollouts;

/// <summary>What happens to the wish when a rollout fails: return, roll back, tear down, try again, and who keeps a field.</summary>
public abstract class RolloutFlowsSuite(DatabaseFixture fixture) : RequestSuite(fixture)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Approve_EveryGeneration_IsKeptForGood()
    {
        var (id, _) = await UpdatedAsync();

        var generations = await GenerationsAsync(id);

        Assert.Equal([2L, 1L], generations.Select(record => record.Number));
        Assert.Equal([20, 10], generations.Select(record => record.Spec.MySql.StorageGiB));
        Assert.All(generations, record => Assert.Equal((GenerationOrigin.Request, Core.Approver.UserId), (record.Origin, record.MadeBy)));
        Assert.All(generations, record => Assert.NotNull(record.RequestId));
    }

    [Fact]
    public async Task RollBack_AfterAGoodGeneration_WantsItsSpecAgainButKeepsWhatGrew()
    {
        var (id, failed) = await UpdatedAsync();
        var (lease, target) = await LoadAsync(id);

        var generation = await Core.Store.RollBackAsync(lease, target, failed, "Pods fail.", Ct);

        var environment = (await Core.FindEnvironmentAsync(id))!;
        Assert.Equal((3L, 3L, EnvironmentPhase.Updating), (generation, environment.Generation, environment.Status.Phase));
        Assert.Equal(ASpec.Small().Gateway.Image, environment.Spec.Gateway.Image);
        Assert.Equal(20, environment.Spec.MySql.StorageGiB);
        Assert.Equal((GenerationOrigin.Rollback, 1L), ((await GenerationsAsync(id))[0].Origin, (await GenerationsAsync(id))[0].ReturnsTo));
        var rollouts = (await Core.Get<EnvironmentQueries>().RolloutsAsync(Core.Member, id, Ct)).Value;
        Assert.Equal((RolloutOutcome.RolledBack, "Pods fail."), (rollouts[0].Outcome, rollouts[0].Message));
        Assert.Contains("environment.roll-back", (await Core.Get<EnvironmentQueries>().ActivityAsync(Core.Member, id, Ct)).Value.Select(entry => entry.Verb));
    }

    [Fact]
    public async Task RollBack_ToAHostNameThatAnotherOneHasNow_ReturnsAndLeavesTheNameThere()
    {
        var former = ASpec.Named("shop").HostName;
        var (id, failed) = await UpdatedAsync("renamed.example");
        var other = (await Core.Get<RequestEnvironmentCommand>().ExecuteAsync(Core.Member, new(Core.Team, "other", ASpec.Small() with { HostName = former }), Ct)).Value;
        Assert.True((await DecideAsync(other.Id)).IsSuccess);
        var (lease, target) = await LoadAsync(id);

        Assert.Equal(3L, await Core.Store.RollBackAsync(lease, target, failed, "Pods fail.", Ct));

        await using var session = Core.Sessions.Open();
        Assert.Equal(other.EnvironmentId, (await session.FindHostAsync(Core.Cluster, former, except: null, onlyApproved: true, Ct))?.Id);
        var spec = (await Core.FindEnvironmentAsync(id))!.Spec;
        var change = await ChangeAsync(id, spec with { Gateway = spec.Gateway with { Image = "registry.example/gateway:3" } });
        Assert.True((await DecideAsync(change.Value.Id)).IsSuccess);
        Assert.True((await DeleteAsync(id)).IsSuccess);
    }

    [Fact]
    public async Task RollBack_NothingGoodBefore_ChangesNothing()
    {
        var id = await Core.ApprovedAsync();
        var (lease, target) = await LoadAsync(id);
        var failed = await Core.Store.SaveStatusAsync(lease, target, target.Status, Rollout.Start(id, 1, RolloutKind.Apply, Core.Clock.GetUtcNow()), null, Ct);

        Assert.Null(await Core.Store.RollBackAsync(lease, target, failed, "Pods fail.", Ct));

        Assert.Equal(1, (await Core.FindEnvironmentAsync(id))!.Generation);
    }

    [Fact]
    public async Task RollBack_WishChangedMeanwhile_IsRefused()
    {
        var (id, failed) = await UpdatedAsync();
        var (lease, target) = await LoadAsync(id);
        await DeleteAsync(id);

        await Assert.ThrowsAsync<StaleTargetException>(() => Core.Store.RollBackAsync(lease, target, failed, "Pods fail.", Ct));

        Assert.Equal(2, (await Core.FindEnvironmentAsync(id))!.Generation);
    }

    [Fact]
    public async Task TearDown_FailedProvision_WantsItDeletedAndSaysWhy()
    {
        var id = await Core.ApprovedAsync();
        var (lease, target) = await LoadAsync(id);
        var failed = await Core.Store.SaveStatusAsync(lease, target, target.Status, Rollout.Start(id, 1, RolloutKind.Apply, Core.Clock.GetUtcNow()), null, Ct);

        await Core.Store.TearDownAsync(lease, target, failed, "No node can take it.", Ct);

        Assert.True((await Core.FindEnvironmentAsync(id))!.IsDeleting);
        var rollout = Assert.Single((await Core.Get<EnvironmentQueries>().RolloutsAsync(Core.Member, id, Ct)).Value);
        Assert.Equal((RolloutOutcome.Failed, "No node can take it."), (rollout.Outcome, rollout.Message));
    }

    [Fact]
    public async Task Retry_StuckEnvironment_WakesItAndIsRefusedOtherwise()
    {
        var id = await Core.ApprovedAsync();
        Assert.Equal("environment.retry.nothing", Assert.Single((await RetryAsync(id)).Errors).Code);
        await SaveAsync(id, status => status with { Phase = EnvironmentPhase.Stuck });
        Core.Clock.Advance(s_minute);
        var before = Core.Trigger.Woken.Count;

        var retried = (await RetryAsync(id)).Value;

        Assert.Equal((EnvironmentPhase.Provisioning, Core.Clock.GetUtcNow()), (retried.Status.Phase, retried.RetriedAt));
        Assert.Equal([id], Core.Trigger.Woken.Skip(before));
        Assert.Equal(Core.Clock.GetUtcNow(), (await Core.Store.LoadAsync(id, Ct))!.RetriedAt);
    }

    [Fact]
    public async Task Return_ToAnEarlierGeneration_IsARequestWithItsSpec()
    {
        var (id, _) = await UpdatedAsync();

        var request = (await Core.Get<RequestReturnCommand>().ExecuteAsync(Core.Member, id, 1, null, Ct)).Value;

        Assert.Equal((RequestState.Pending, RequestKind.Update, "Return to generation 1."), (request.State, request.Kind, request.Reason));
        Assert.Equal((ASpec.Small().Gateway.Image, 20), (request.Spec!.Gateway.Image, request.Spec.MySql.StorageGiB));
        Assert.Equal("environment.generation.unknown", Assert.Single((await Core.Get<RequestReturnCommand>().ExecuteAsync(Core.Member, id, 7, null, Ct)).Errors).Code);
    }

    [Fact]
    public async Task DecideOwnership_AboutAConflict_StandsUntilDecidedAnew()
    {
        var id = await Core.ApprovedAsync();
        await SaveAsync(id, status => status with { Conflicts = [new(Component.Gateway, "Deployment", "gateway", "kubectl-edit", [".spec.replicas"], null)] });

        Assert.Equal("environment.ownership.unknown", Assert.Single((await DecideAsync(id, "someone", OwnershipChoice.Leave)).Errors).Code);
        await DecideAsync(id, "kubectl-edit", OwnershipChoice.Leave);
        await DecideAsync(id, "kubectl-edit", OwnershipChoice.TakeOver);

        var decision = Assert.Single((await Core.Store.LoadAsync(id, Ct))!.Ownership);
        Assert.Equal(("Deployment", "gateway", "kubectl-edit", OwnershipChoice.TakeOver), (decision.Kind, decision.Name, decision.Manager, decision.Choice));
    }

    [Fact]
    public async Task Operate_ByOneWhoMayNot_IsRefused()
    {
        var id = await Core.ApprovedAsync();
        await SaveAsync(id, status => status with { Phase = EnvironmentPhase.Stuck });
        var stranger = AnActor.Owner("other");

        Assert.Equal("environment.not-found", Assert.Single((await Core.Get<RetryRolloutCommand>().ExecuteAsync(stranger, id, Ct)).Errors).Code);
        Assert.Equal("environment.not-found", Assert.Single((await Core.Get<RequestReturnCommand>().ExecuteAsync(stranger, id, 1, null, Ct)).Errors).Code);
        Assert.Equal("environment.not-found", Assert.Single((await Core.Get<EnvironmentQueries>().GenerationsAsync(stranger, id, Ct)).Errors).Code);
        Assert.Equal("access.member", Assert.Single((await Core.Get<RetryRolloutCommand>().ExecuteAsync(AnActor.Viewer(Core.Team), id, Ct)).Errors).Code);
        Assert.Equal("environment.not-found", Assert.Single(
            (await Core.Get<DecideOwnershipCommand>().ExecuteAsync(stranger, id, "Deployment", "gateway", "m", OwnershipChoice.Leave, Ct)).Errors).Code);
    }

    [Fact]
    public async Task Delete_WithTheDataKept_TellsTheReconciler()
    {
        var id = await Core.ApprovedAsync();

        await Core.Get<RequestDeletionCommand>().ExecuteAsync(Core.Member, id, "shop", null, DataDisposition.Keep, Ct);

        var target = (await Core.Store.LoadAsync(id, Ct))!;
        Assert.Equal((true, DataDisposition.Keep), (target.Deleting, target.Data));
    }

    /// <summary>Generation 1 became ready; generation 2, with another image and more storage, runs.</summary>
    private async Task<(EnvironmentId Id, Rollout Running)> UpdatedAsync(string? host = null)
    {
        var id = await Core.ApprovedAsync();
        await SaveAsync(id, status => status, RolloutOutcome.Succeeded);
        var spec = ASpec.Named("shop");
        spec = spec with { HostName = host ?? spec.HostName };
        var request = (await ChangeAsync(id, spec with { Gateway = spec.Gateway with { Image = "registry.example/gateway:2" }, MySql = spec.MySql with { StorageGiB = 20 } })).Value;
        await DecideAsync(request.Id);
        return (id, await SaveAsync(id, status => status));
    }

    private async Task<Rollout> SaveAsync(EnvironmentId id, Func<EnvironmentStatus, EnvironmentStatus> change, RolloutOutcome outcome = RolloutOutcome.Running)
    {
        var (lease, target) = await LoadAsync(id);
        var rollout = Rollout.Start(id, target.Generation, RolloutKind.Apply, Core.Clock.GetUtcNow()) with { Outcome = outcome };
        var saved = await Core.Store.SaveStatusAsync(lease, target, change(target.Status), rollout, null, Ct);
        await Core.Store.ReleaseAsync(lease, Ct);
        return saved;
    }

    private async Task<(Lease Lease, ReconcileTarget Target)> LoadAsync(EnvironmentId id) =>
        ((await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct))!, (await Core.Store.LoadAsync(id, Ct))!);

    private async Task<IReadOnlyList<GenerationRecord>> GenerationsAsync(EnvironmentId id) =>
        (await Core.Get<EnvironmentQueries>().GenerationsAsync(Core.Member, id, Ct)).Value;

    private Task<Result<AppEnvironment>> RetryAsync(EnvironmentId id) => Core.Get<RetryRolloutCommand>().ExecuteAsync(Core.Member, id, Ct);

    private Task<Result<AppEnvironment>> DecideAsync(EnvironmentId id, string manager, OwnershipChoice choice) =>
        Core.Get<DecideOwnershipCommand>().ExecuteAsync(Core.Member, id, "Deployment", "gateway", manager, choice, Ct);
}

public sealed class RolloutFlowsOnPostgres(PostgresFixture fixture) : RolloutFlowsSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class RolloutFlowsOnSqlite(SqliteFixture fixture) : RolloutFlowsSuite(fixture), IClassFixture<SqliteFixture>;
