using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>Every growth of the data that a spec allows, one after the other in one environment: a cluster takes each of them.</summary>
public sealed class GrowthTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Change_OfEachThingThatMayGrow_EndsReady()
    {
        await using var world = await ReconcileWorld.StartAsync();
        var small = Presets.Create(Preset.Small, Purpose.Staging, "shop.apps.example");
        var id = await world.ApprovedAsync("shop", small with
        {
            MySql = small.MySql with { ReadReplicas = 1 },
            Redis = small.Redis with { Shards = 3 },
            PubSub = small.PubSub with { Brokers = 3 },
        });
        var environment = await world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        Func<EnvironmentSpec, EnvironmentSpec>[] steps =
        [
            // Nobody has used the dumps' claim yet, so it has no volume that could grow.
            spec => spec with { MySql = spec.MySql with { StorageGiB = 20 } },
            spec => spec with { MySql = spec.MySql with { StorageGiB = 25, ReadReplicas = 2 }, DayTwo = spec.DayTwo with { Backups = 1, IsBackingUp = true } },
            spec => spec with { DayTwo = spec.DayTwo with { MySqlPrimary = 2, Restore = new(1, null, IsOpen: true) } },
            spec => spec with { DayTwo = spec.DayTwo with { MySqlPrimary = 0 } },
            spec => spec with { MySql = spec.MySql with { ReadReplicas = 1, MaxConnections = 300 } },
            // A larger memory makes the volumes larger, whose templates can never change.
            spec => spec with { Redis = spec.Redis with { MemoryMiB = 1024 } },
            spec => spec with { Redis = spec.Redis with { Shards = 4, ReplicasPerShard = 1 } },
            spec => spec with { Redis = spec.Redis with { ReplicasPerShard = 0, Eviction = RedisEviction.Refuse } },
            spec => spec with { PubSub = spec.PubSub with { Brokers = 4, Partitions = 6, StorageGiB = 20 } },
            spec => spec with { PubSub = spec.PubSub with { Topics = ["events", "mails"], RetentionHours = 24 } },
            // Another name is another certificate.
            spec => spec with { HostName = "store.apps.example" },
            // The second step, without the passwords of before, follows by itself.
            spec => spec with { DayTwo = spec.DayTwo with { MySqlCredential = new(2, true), RedisCredential = new(2, true), PubSubCredential = new(2, true), LoadBalancerCertificate = new(2, true), EdgeCertificates = 1 } },
        ];
        foreach (var step in steps)
        {
            await world.ApproveAsync(await world.RequestChangeAsync(id, step(environment.Spec)));
            environment = await world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        }

        var editions = environment.Spec.DayTwo;
        Assert.All([editions.MySqlCredential, editions.RedisCredential, editions.PubSubCredential], edition => Assert.Equal(new CredentialVersion(2), edition));
        var live = await world.LiveAsync(environment);
        Assert.Equal(["25Gi", "25Gi", "25Gi"], Requests("data-mysql-"));
        Assert.Equal(["25Gi"], Requests("mysql-dumps"));
        Assert.Equal(["3Gi", "3Gi", "3Gi", "3Gi"], Requests("data-redis-s").Take(4));
        Assert.All(Requests("data-kafka-broker-"), size => Assert.Equal("20Gi", size));

        IEnumerable<string?> Requests(string prefix) => live.OfKind("PersistentVolumeClaim")
            .Where(claim => claim.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(claim => claim.Text("spec", "resources", "requests", "storage"));
    }

    [Fact]
    public async Task Change_ApprovedWhileTheOneBeforeIsRolledOut_EndsReady()
    {
        await using var world = await ReconcileWorld.StartAsync();
        var id = await world.ApprovedAsync();
        var spec = (await world.ReconcileUntilAsync(id, EnvironmentPhase.Ready)).Spec;
        foreach (var size in new[] { 20, 30, 40 })
        {
            spec = spec with { MySql = spec.MySql with { StorageGiB = size, ReadReplicas = size / 20 }, PubSub = spec.PubSub with { Partitions = size } };
            await world.ApproveAsync(await world.RequestChangeAsync(id, spec));
            await world.Get<Portal.Provisioning.Reconciling.StackReconciler>().ReconcileAsync(id, Ct);
        }

        var environment = await world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);

        Assert.Equal(40, environment.Spec.MySql.StorageGiB);
        var live = await world.LiveAsync(environment);
        Assert.Equal("40Gi", live.Find(new ObjectRef("v1", "PersistentVolumeClaim", environment.Namespace, "data-mysql-0"))!.Text("spec", "resources", "requests", "storage"));
    }
}
