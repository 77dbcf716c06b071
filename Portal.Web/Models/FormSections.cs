using static Portal.Core.Environments.Component;
using static Portal.Web.Models.FieldKind;

namespace Portal.Web.Models;

/// <summary>The sections of the form, in the order of a request's way through the stack.</summary>
public static class FormSections
{
    public static IReadOnlyList<FormSection> All { get; } =
    [
        new("CDN edge", "Answers near the user, and keeps what may be cached.", [Edge],
        [
            new("edge.locations", "Locations", Words, null, "Names separated by commas, for example jakarta, singapore."),
            new("edge.podsPerLocation", "Pods per location", Whole, "pods"),
            new("edge.cacheGiB", "Cache of each pod", Whole, "GiB"),
        ]),
        new("Load balancer and ingress", "Ends TLS, filters suspicious requests, routes by address.", [LoadBalancer, Ingress],
        [
            new("loadBalancer.waf", "Firewall (WAF)", Choice) { Choices = [new("detection", "Detect: log suspicious requests"), new("blocking", "Block: refuse suspicious requests")] },
            new("loadBalancer.requestsPerSecond", "Limit per client", Whole, "requests/s"),
            new("loadBalancer.scale.min", "Load balancer, at least", Whole, "pods"),
            new("loadBalancer.scale.max", "Load balancer, at most", Whole, "pods"),
            new("ingress.scale.min", "Ingress, at least", Whole, "pods"),
            new("ingress.scale.max", "Ingress, at most", Whole, "pods"),
            new("ingress.mode", "Ingress", Choice) { Choices = [new("dedicated", "Own tier"), new("ingressClass", "Shared controller of the cluster")] },
        ]),
        new("Services", "Your images, and how far each may scale.", [Frontend, Gateway, Publish, Consume],
        [
            .. Service("frontend", "Frontend"), .. Service("gateway", "Gateway"), .. Service("publish", "Publish"), .. Service("consume", "Consume"),
        ]),
        new("Data", "MySQL, Redis and Pub/Sub. Volumes can grow later, never shrink.", [MySql, Redis, PubSub],
        [
            new("mySql.readReplicas", "MySQL read replicas", Whole, "replicas"),
            new("mySql.storageGiB", "MySQL storage", Whole, "GiB"),
            new("mySql.backupRetentionDays", "MySQL backups kept", Whole, "days"),
            new("redis.engine", "Redis engine", Choice) { Choices = [new("redis", "Redis"), new("valkey", "Valkey")] },
            new("redis.shards", "Redis shards", Whole, "shards", "1 is a single server; 3 and more are a Redis Cluster."),
            new("redis.replicasPerShard", "Redis replicas per shard", Whole, "replicas"),
            new("redis.memoryMiB", "Redis memory of each server", Whole, "MiB"),
            new("redis.persistent", "Redis keeps its data over a restart", Toggle),
            new("pubSub.brokers", "Pub/Sub brokers", Whole, "brokers"),
            new("pubSub.partitions", "Partitions of each topic", Whole, "partitions"),
            new("pubSub.storageGiB", "Pub/Sub storage of each broker", Whole, "GiB"),
        ]),
        new("Monitoring and housekeeping", "Metrics, logs, alerts, and what keeps the environment clean.", [Metrics, Logs, Alerting, Housekeeping],
        [
            new("metrics.retentionDays", "Metrics kept", Whole, "days"),
            new("metrics.storageGiB", "Metrics storage", Whole, "GiB"),
            new("metrics.grafana", "Grafana with dashboards", Toggle),
            new("logs.retentionDays", "Logs kept", Whole, "days"),
            new("logs.storageGiB", "Logs storage", Whole, "GiB"),
            new("alerting.errorRatePercent", "Alert above this share of failed requests", FieldKind.Decimal, "%"),
            new("alerting.notifyEmail", "Alert e-mail", Text, null, "Leave empty to keep alerts in the portal."),
            new("housekeeping.finishedPodsHours", "Finished pods kept", Whole, "hours"),
        ]),
        new("When things go wrong", "How long to wait, and what follows a rollout that fails.", [],
        [
            new("rollout.deadlineMinutes", "Deadline of each component", Whole, "minutes", "From its start until it is healthy."),
            new("rollout.onFailedUpdate", "When an update fails", Choice) { Choices = [new("rollBack", "Return to the last good generation"), new("hold", "Stay as it is until somebody acts")] },
            new("rollout.onFailedProvision", "When the first rollout fails", Choice) { Choices = [new("keep", "Keep what is there, to look at it"), new("tearDown", "Delete everything that was made")] },
            new("rollout.onConflict", "When others change a field", Choice)
            {
                Choices = [new("ask", "Leave it and ask who keeps it"), new("takeOver", "Take over: the spec wins"), new("leave", "Leave: the other keeps it")],
            },
        ]),
    ];

    private static FormField[] Service(string path, string title) =>
    [
        new($"{path}.image", $"{title} image", Text, null, "With a tag or digest; not latest."),
        new($"{path}.scale.min", $"{title}, at least", Whole, "pods"),
        new($"{path}.scale.max", $"{title}, at most", Whole, "pods"),
        new($"{path}.size.cpuMillicores", $"{title} CPU per pod", Whole, "millicores"),
        new($"{path}.size.memoryMiB", $"{title} memory per pod", Whole, "MiB"),
    ];
}
