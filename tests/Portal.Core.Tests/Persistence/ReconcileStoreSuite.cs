using Portal.Core.Environments;
using Portal.Core.Requests;
using Portal.Core.Requests.RequestDeletion;
using Portal.Core.Rollouts;
using Portal.Testing;

namespace Portal.Core.Tests.Persistence;

public abstract class ReconcileStoreSuite(DatabaseFixture fixture) : DatabaseSuite(fixture)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Lease_TakenByOne_IsRefusedToOthersUntilItExpires()
    {
        var id = await Core.ApprovedAsync();

        var first = await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct);
        Assert.Equal(1, first?.Token);
        Assert.Null(await Core.Store.TryAcquireAsync(id, "b", s_minute, Ct));

        Core.Clock.Advance(s_minute - TimeSpan.FromSeconds(1));
        Assert.Null(await Core.Store.TryAcquireAsync(id, "b", s_minute, Ct));
        Core.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await Core.Store.TryAcquireAsync(id, "b", s_minute, Ct))?.Token);
    }

    [Fact]
    public async Task Lease_Released_IsFreeAtOnceAndItsTokenWritesNoMore()
    {
        var id = await Core.ApprovedAsync();
        var first = (await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct))!;

        await Core.Store.ReleaseAsync(first, Ct);

        await Assert.ThrowsAsync<LeaseLostException>(() => Core.Store.SaveInventoryAsync(first, [], Ct));
        var second = await Core.Store.TryAcquireAsync(id, "b", s_minute, Ct);
        Assert.True(second?.Token > first.Token);

        await Core.Store.ReleaseAsync(first, Ct);
        Assert.Null(await Core.Store.TryAcquireAsync(id, "c", s_minute, Ct));
    }

    [Fact]
    public async Task Lease_TakenAgainByItsHolder_FencesTheOlderOne()
    {
        var id = await Core.ApprovedAsync();
        var before = (await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct))!;
        var after = (await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct))!;

        Assert.True(after.Token > before.Token);
        await Assert.ThrowsAsync<LeaseLostException>(() => Core.Store.SaveInventoryAsync(before, [], Ct));
        await Core.Store.SaveInventoryAsync(after, [], Ct);
    }

    [Fact]
    public async Task Resume_NobodyWasThereSince_IsALeaseLikeAnyOther()
    {
        var id = await Core.ApprovedAsync();
        var (released, known) = await LookAsync(id);

        var resumed = await Core.Store.TryResumeAsync(released, known, Ct);

        Assert.Equal(new Lease(id, "a", released.Token + 2, s_minute), resumed);
        Assert.Null(await Core.Store.TryAcquireAsync(id, "b", s_minute, Ct));
        await Assert.ThrowsAsync<LeaseLostException>(() => Core.Store.SaveInventoryAsync(released, [], Ct));
        await Core.Store.SaveInventoryAsync(resumed!, [], Ct);
        Assert.Null(await Core.Store.TryResumeAsync(released, known, Ct));

        await Core.Store.ReleaseAsync(resumed!, Ct);
        Assert.NotNull(await Core.Store.TryResumeAsync(resumed!, known, Ct));
    }

    [Fact]
    public async Task Resume_EnvironmentWasChangedSince_IsRefused()
    {
        var id = await Core.ApprovedAsync();
        var (released, known) = await LookAsync(id);
        await Core.Get<RequestDeletionCommand>().ExecuteAsync(Core.Member, id, "shop", null, DataDisposition.Delete, Ct);

        Assert.Null(await Core.Store.TryResumeAsync(released, known, Ct));
        Assert.NotNull(await Core.Store.TryAcquireAsync(id, "b", s_minute, Ct));
    }

    [Theory]
    [InlineData("b", true)]
    [InlineData("b", false)]
    [InlineData("a", true)]
    [InlineData("a", false)]
    public async Task Resume_AnotherTurnSince_IsRefusedAlsoWhenThatOneEnded(string holder, bool isReleased)
    {
        var id = await Core.ApprovedAsync();
        var (released, known) = await LookAsync(id);
        var other = (await Core.Store.TryAcquireAsync(id, holder, s_minute, Ct))!;
        Assert.Null(await Core.Store.TryResumeAsync(released, known, Ct));
        if (isReleased)
        {
            await Core.Store.ReleaseAsync(other, Ct);
        }

        Core.Clock.Advance(2 * s_minute);
        Assert.Null(await Core.Store.TryResumeAsync(released, known, Ct));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task Resume_LeaseRanOutAndWasTakenOver_IsRefusedWhenThatOneRanOutAsWell(string holder)
    {
        var id = await Core.ApprovedAsync();
        var known = (await Core.Store.LoadAsync(id, Ct))!;
        var late = (await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct))!;
        Core.Clock.Advance(s_minute);
        await Core.Store.TryAcquireAsync(id, holder, s_minute, Ct);

        await Core.Store.ReleaseAsync(late, Ct);
        Assert.Null(await Core.Store.TryResumeAsync(late, known, Ct));
        Core.Clock.Advance(s_minute);
        Assert.Null(await Core.Store.TryResumeAsync(late, known, Ct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lease_TwentyTakersAtOnce_NeverShareAToken(bool oneHolder)
    {
        var id = await Core.ApprovedAsync();

        for (var round = 1; round <= 3; round++)
        {
            var leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(
                taker => Task.Run(() => Core.Store.TryAcquireAsync(id, oneHolder ? "same" : $"holder-{taker}", s_minute, Ct))));

            var taken = leases.Where(lease => lease is not null).Select(lease => lease!.Token).ToList();
            Assert.NotEmpty(taken);
            Assert.Equal(taken.Count, taken.Distinct().Count());
            Assert.True(oneHolder || taken.Count == 1, $"{taken.Count} different holders hold the lease.");
            Assert.True(taken.Min() >= round);
            Core.Clock.Advance(s_minute);
        }
    }

    [Fact]
    public async Task SaveInventory_WithTheLease_RoundTripsAndRenews()
    {
        var id = await Core.ApprovedAsync();
        var lease = (await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct))!;
        InventoryEntry[] inventory =
        [
            new("v1", "Namespace", null, "payments-shop", Component.Base, "uid-1"),
            new("apps/v1", "Deployment", "payments-shop", "gateway", Component.Gateway, null),
        ];

        Core.Clock.Advance(TimeSpan.FromSeconds(50));
        await Core.Store.SaveInventoryAsync(lease, inventory, Ct);
        Core.Clock.Advance(TimeSpan.FromSeconds(50));

        Assert.Null(await Core.Store.TryAcquireAsync(id, "b", s_minute, Ct));
        Assert.Equal(inventory, (await Core.Store.LoadAsync(id, Ct))!.Inventory);
        await Core.Store.SaveInventoryAsync(lease, inventory[..1], Ct);
        Assert.Equal(inventory[..1], (await Core.Store.LoadAsync(id, Ct))!.Inventory);
    }

    [Fact]
    public async Task Save_AfterAnotherTookOver_WritesNothing()
    {
        var id = await Core.ApprovedAsync();
        var target = (await Core.Store.LoadAsync(id, Ct))!;
        var lost = (await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct))!;
        Core.Clock.Advance(s_minute);
        await Core.Store.TryAcquireAsync(id, "b", s_minute, Ct);

        await Assert.ThrowsAsync<LeaseLostException>(() => Core.Store.SaveInventoryAsync(lost, [new("v1", "Pod", "x", "y", Component.Base, null)], Ct));
        await Assert.ThrowsAsync<LeaseLostException>(() => Core.Store.SaveStatusAsync(lost, target, Ready(target), ARollout(target), null, Ct));

        var now = (await Core.Store.LoadAsync(id, Ct))!;
        Assert.Empty(now.Inventory);
        Assert.Null(now.LatestRollout);
        Assert.Equal(EnvironmentPhase.Provisioning, now.Status.Phase);
    }

    [Fact]
    public async Task SaveStatus_WithTheLease_RoundTripsStatusAndRollout()
    {
        var id = await Core.ApprovedAsync();
        var target = (await Core.Store.LoadAsync(id, Ct))!;
        var lease = (await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct))!;
        var status = new EnvironmentStatus(
            EnvironmentPhase.Degraded, HealthStatus.Degraded, "gateway: 1 of 3 pods is ready.", 1,
            [new(Component.Gateway, HealthStatus.Degraded, "1 of 3", Core.Clock.GetUtcNow()), new(Component.Redis, HealthStatus.Healthy, "", Core.Clock.GetUtcNow())]);
        var rollout = ARollout(target) with { Changes = new(1, 2, 3, 4), Steps = [new(Component.Base, 0, Core.Clock.GetUtcNow(), null)] };

        var heard = new List<EnvironmentId>();
        using var listener = Core.Signal.Listen(heard.Add);
        var saved = await Core.Store.SaveStatusAsync(lease, target, status, rollout, null, Ct);
        var finished = saved with { Outcome = RolloutOutcome.Succeeded, FinishedAt = Core.Clock.GetUtcNow().AddMinutes(2), Changes = new(9, 9, 9, 9) };
        await Core.Store.SaveStatusAsync(lease, target, status, finished, null, Ct);

        var now = (await Core.Store.LoadAsync(id, Ct))!;
        Assert.True(saved.Id > 0);
        Assert.Equivalent(status, now.Status, strict: true);
        Assert.Equivalent(finished, now.LatestRollout, strict: true);
        Assert.Equal([id, id], heard);
        Assert.Equal(target.Version, now.Version);
    }

    [Fact]
    public async Task SaveStatus_WithAnInventory_SavesBothOrNeither()
    {
        var id = await Core.ApprovedAsync();
        var target = (await Core.Store.LoadAsync(id, Ct))!;
        var lease = (await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct))!;
        InventoryEntry[] inventory = [new("v1", "Namespace", null, "payments-shop", Component.Base, null)];
        InventoryEntry[] seen = [inventory[0] with { Uid = "uid-1" }];

        var rollout = await Core.Store.SaveStatusAsync(lease, target, Ready(target), ARollout(target), inventory, Ct);
        Assert.Equal(inventory, (await Core.Store.LoadAsync(id, Ct))!.Inventory);
        await Core.Store.SaveStatusAsync(lease, target, Ready(target), rollout, seen, Ct);
        Assert.Equal(seen, (await Core.Store.LoadAsync(id, Ct))!.Inventory);
        await Core.Store.SaveStatusAsync(lease, target, Ready(target), rollout, null, Ct);
        Assert.Equal(seen, (await Core.Store.LoadAsync(id, Ct))!.Inventory);

        await Core.Get<RequestDeletionCommand>().ExecuteAsync(Core.Member, id, "shop", null, DataDisposition.Delete, Ct);
        await Assert.ThrowsAsync<StaleTargetException>(() => Core.Store.SaveStatusAsync(lease, target, Ready(target), rollout, [], Ct));
        Assert.Equal(seen, (await Core.Store.LoadAsync(id, Ct))!.Inventory);
    }

    /// <summary>Once two saves: whoever looked in between saw a deleted environment that still owned objects.</summary>
    [Fact]
    public async Task SaveStatus_Deleted_EmptiesTheInventoryWithIt()
    {
        var id = await Core.ApprovedAsync();
        var target = (await Core.Store.LoadAsync(id, Ct))!;
        var lease = (await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct))!;
        await Core.Store.SaveInventoryAsync(lease, [new("v1", "Namespace", null, "payments-shop", Component.Base, "uid-1")], Ct);

        await Core.Store.SaveStatusAsync(lease, target, Ready(target) with { Phase = EnvironmentPhase.Deleted }, ARollout(target), null, Ct);

        await using var session = Core.Sessions.Open();
        Assert.Empty(await session.InventoryAsync(id, Ct));
    }

    [Fact]
    public async Task SaveStatus_WishChangedMeanwhile_IsRefusedAndNothingOfItStays()
    {
        var id = await Core.ApprovedAsync();
        var target = (await Core.Store.LoadAsync(id, Ct))!;
        var lease = (await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct))!;
        await Core.Get<RequestDeletionCommand>().ExecuteAsync(Core.Member, id, "shop", null, DataDisposition.Delete, Ct);

        await Assert.ThrowsAsync<StaleTargetException>(() => Core.Store.SaveStatusAsync(lease, target, Ready(target), ARollout(target), null, Ct));

        var now = (await Core.Store.LoadAsync(id, Ct))!;
        Assert.True(now.Deleting);
        Assert.Equal(EnvironmentPhase.Deleting, now.Status.Phase);
        Assert.Null(now.LatestRollout);
    }

    [Fact]
    public async Task SaveStatus_MessageTooLong_IsCutNotRefused()
    {
        var id = await Core.ApprovedAsync();
        var target = (await Core.Store.LoadAsync(id, Ct))!;
        var lease = (await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct))!;

        await Core.Store.SaveStatusAsync(lease, target, Ready(target) with { Message = new string('m', 5000) }, ARollout(target), null, Ct);

        var message = (await Core.Store.LoadAsync(id, Ct))!.Status.Message;
        Assert.Equal(EnvironmentStatus.MaxMessageLength, message.Length);
        Assert.EndsWith("…", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DueAndLoad_ByState_AreOnlyApprovedAndNotDeleted()
    {
        var requested = (await Core.RequestAsync("requested")).EnvironmentId;
        var approved = await Core.ApprovedAsync("approved");
        var deleted = await Core.ApprovedAsync("deleted");
        var lease = (await Core.Store.TryAcquireAsync(deleted, "a", s_minute, Ct))!;
        var target = (await Core.Store.LoadAsync(deleted, Ct))!;
        await Core.Store.SaveStatusAsync(lease, target, Ready(target) with { Phase = EnvironmentPhase.Deleted }, ARollout(target), null, Ct);

        var due = await Core.Store.DueAsync(Ct);

        Assert.Contains(new DueEnvironment(approved, IsSettled: false), due);
        Assert.DoesNotContain(due, item => item.Id == requested || item.Id == deleted);
        Assert.Null(await Core.Store.LoadAsync(requested, Ct));
        Assert.Null(await Core.Store.LoadAsync(deleted, Ct));
        Assert.Null(await Core.Store.LoadAsync(EnvironmentId.New(Core.Clock), Ct));
        var loaded = (await Core.Store.LoadAsync(approved, Ct))!;
        Assert.Equal((1L, false, "approved", $"{Core.Team}-approved"), (loaded.Generation, loaded.Deleting, loaded.Name, loaded.Namespace));
    }

    private async Task<(Lease Released, ReconcileTarget Known)> LookAsync(EnvironmentId id)
    {
        var lease = (await Core.Store.TryAcquireAsync(id, "a", s_minute, Ct))!;
        var known = (await Core.Store.LoadAsync(id, Ct))!;
        await Core.Store.ReleaseAsync(lease, Ct);
        return (lease, known);
    }

    private static EnvironmentStatus Ready(ReconcileTarget target) => new(EnvironmentPhase.Ready, HealthStatus.Healthy, "All is well.", target.Generation, []);

    private Rollout ARollout(ReconcileTarget target) => Rollout.Start(target.Id, target.Generation, RolloutKind.Apply, Core.Clock.GetUtcNow());
}

public sealed class ReconcileStoreOnPostgres(PostgresFixture fixture) : ReconcileStoreSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class ReconcileStoreOnSqlite(SqliteFixture fixture) : ReconcileStoreSuite(fixture), IClassFixture<SqliteFixture>;
