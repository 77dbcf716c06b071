using static Portal.Core.Environments.Component;
using static Portal.Web.Models.FieldKind;

namespace Portal.Web.Models;

/// <summary>The sections of the form, in the order of a request's way through the stack.</summary>
public static class FormSections
{
    // Before the sections, which are made in the order of the text.
    private static readonly FieldCondition s_certManager = new("edge.certificate.source", "certManager");
    private static readonly FieldCondition s_providedCertificate = new("edge.certificate.source", "provided");
    private static readonly FieldCondition s_dedicatedMySql = new("mySql.source", "dedicated");
    private static readonly FieldCondition s_externalMySql = new("mySql.source", "external");
    private static readonly FieldCondition s_kafka = new("pubSub.provider", "kafka");
    private static readonly FieldCondition s_google = new("pubSub.provider", "google");
    private static readonly FieldCondition s_datadog = new("metrics.provider", "datadog");
    private static readonly FieldCondition s_elasticsearch = new("logs.provider", "elasticsearch");

    public static IReadOnlyList<FormSection> All { get; } =
    [
        new("CDN edge", "Answers near the user, and keeps what may be cached.", [Edge],
        [
            new("edge.locations", "Locations", Words, null, "Names separated by commas, for example jakarta, singapore."),
            new("edge.podsPerLocation", "Pods per location", Whole, "pods"),
            new("edge.cacheGiB", "Cache of each pod", Whole, "GiB"),
            new("edge.otherHostNames", "Other host names", Lines, null, "One on each line. The edges answer for them too.") { IsAdvanced = true },
            new("edge.certificate.source", "Public certificate", Choice)
            {
                IsAdvanced = true,
                Choices = [new("generated", "The portal's; browsers warn"), new("certManager", "The cluster's cert-manager"), new("provided", "A Secret that you put there")],
            },
            new("edge.certificate.issuerName", "Issuer of cert-manager", OptionalText) { IsAdvanced = true, OnlyWith = s_certManager },
            new("edge.certificate.issuerKind", "Kind of issuer", Choice) { IsAdvanced = true, OnlyWith = s_certManager, Choices = [new("clusterIssuer", "ClusterIssuer: of the cluster"), new("issuer", "Issuer: of the namespace")] },
            new("edge.certificate.secretName", "Secret with the certificate", OptionalText, null, "It holds tls.crt and tls.key; the key never passes through the portal.") { IsAdvanced = true, OnlyWith = s_providedCertificate },
            new("edge.trustedProxies", "Proxies before the edges", Lines, null, "Addresses or networks, one on each line. The client's address is taken from what they forward.") { IsAdvanced = true },
            new("edge.defaultTtlSeconds", "Keep what does not say how long", Whole, "seconds") { IsAdvanced = true },
            new("edge.assetTtlSeconds", "Keep assets that do not say how long", OptionalWhole, "seconds", "Below /assets and /static; leave empty for the same time as others.") { IsAdvanced = true },
            new("edge.privatePaths", "Paths never kept", Lines, null, "One on each line, for example /account. The API is never kept.") { IsAdvanced = true },
            new("edge.sessionCookies", "Cookies that mean signed in", Words, null, "Names separated by commas, beside the usual ones.") { IsAdvanced = true },
            new("edge.http3", "Answer over HTTP/3 as well", Toggle, null, "The cluster's load balancers have to take UDP beside TCP at one address.") { IsAdvanced = true },
            new("edge.media", "Keep large files under /media in slices", Toggle) { IsAdvanced = true },
        ]),
        new("Load balancer and ingress", "Ends TLS, filters suspicious requests, routes by address.", [LoadBalancer, Ingress],
        [
            new("loadBalancer.waf", "Firewall (WAF)", Choice) { Choices = [new("detection", "Detect: log suspicious requests"), new("blocking", "Block: refuse suspicious requests")] },
            new("loadBalancer.requestsPerSecond", "Limit per client", Whole, "requests/s"),
            new("loadBalancer.scale.min", "Load balancer, at least", Whole, "pods"),
            new("loadBalancer.scale.max", "Load balancer, at most", Whole, "pods"),
            new("ingress.scale.min", "Ingress, at least", Whole, "pods"),
            new("ingress.scale.max", "Ingress, at most", Whole, "pods"),
            new("ingress.mode", "Ingress", Choice, null, "Behind edges and firewall whichever it is. What cluster or platform do not offer becomes an own tier.") { Choices = [new("dedicated", "Own tier"), new("ingressClass", "Shared controller of the cluster"), new("gateway", "Gateway API of the cluster")] },
            new("ingress.className", "Ingress or gateway class", OptionalText, null, "Leave empty for the cluster's default.") { IsAdvanced = true },
            new("loadBalancer.routes", "Routes", Routes, null, "One on each line: a path, perhaps a header, and the service, as in /api x-canary: 1 -> publish.") { IsAdvanced = true },
            new("loadBalancer.paranoiaLevel", "Firewall suspects", Whole, null, "1 has few false alarms; 4 suspects most.") { IsAdvanced = true },
            new("loadBalancer.anomalyThreshold", "Firewall refuses from", Whole, "points", "A single critical rule counts 5.") { IsAdvanced = true },
            new("loadBalancer.disabledRules", "Firewall rules switched off", Numbers, null, "Numbers of the core rule set, separated by commas.") { IsAdvanced = true },
            new("loadBalancer.wafExclusions", "Firewall rules switched off under a path", Exclusions, null, "One path on each line, then the numbers of the rules, as in /api/editor 941100, 941160.") { IsAdvanced = true },
            new("loadBalancer.blockedAddresses", "Refused addresses", Lines, null, "Addresses or networks, one on each line.") { IsAdvanced = true },
            new("loadBalancer.maxBodyMiB", "Largest upload", Whole, "MiB") { IsAdvanced = true },
        ]),
        new("Services", "Your images, and how far each may scale.", [Frontend, Gateway, Publish, Consume],
        [
            .. Service("frontend", "Frontend"), .. Service("gateway", "Gateway"), .. Service("publish", "Publish"), .. Service("consume", "Consume"),
            new("consume.scaleLag", "Consume: also scale above this many waiting messages per pod", OptionalWhole, null, "Where the cluster's metrics adapter serves kafka_consumergroup_lag.") { IsAdvanced = true, OnlyWith = s_kafka },
        ]),
        new("Data", "MySQL, Redis and Pub/Sub. Volumes can grow later, never shrink.", [MySql, Redis, PubSub],
        [
            new("mySql.source", "MySQL", Choice) { Choices = [new("dedicated", "In the environment"), new("external", "A database of others")] },
            new("mySql.external.host", "External MySQL: host", OptionalText, null, "Name or address.") { OnlyWith = s_externalMySql },
            new("mySql.external.readHost", "External MySQL: host for reads", OptionalText, null, "Leave empty for the same one.") { OnlyWith = s_externalMySql },
            new("mySql.external.port", "External MySQL: port", Whole) { OnlyWith = s_externalMySql },
            new("mySql.external.database", "External MySQL: database", OptionalText) { OnlyWith = s_externalMySql },
            new("mySql.external.user", "External MySQL: user", OptionalText) { OnlyWith = s_externalMySql },
            new("mySql.external.secretName", "External MySQL: Secret with the password", OptionalText, null, "You put it into the namespace, with the key password.") { OnlyWith = s_externalMySql },
            new("mySql.external.tls", "External MySQL: only over TLS", Toggle) { OnlyWith = s_externalMySql },
            new("mySql.readReplicas", "MySQL read replicas", Whole, "replicas") { OnlyWith = s_dedicatedMySql },
            new("mySql.storageGiB", "MySQL storage", Whole, "GiB") { OnlyWith = s_dedicatedMySql },
            new("mySql.backupRetentionDays", "MySQL backups kept", Whole, "days") { OnlyWith = s_dedicatedMySql },
            new("mySql.backupHour", "MySQL backup starts at", Whole, "h UTC") { IsAdvanced = true, OnlyWith = s_dedicatedMySql },
            new("mySql.maxConnections", "MySQL connections", Whole) { IsAdvanced = true, OnlyWith = s_dedicatedMySql },
            new("mySql.size.cpuMillicores", "MySQL CPU per server", Whole, "millicores") { IsAdvanced = true, OnlyWith = s_dedicatedMySql },
            new("mySql.size.memoryMiB", "MySQL memory per server", Whole, "MiB") { IsAdvanced = true, OnlyWith = s_dedicatedMySql },
            new("redis.engine", "Redis engine", Choice) { Choices = [new("redis", "Redis"), new("valkey", "Valkey")] },
            new("redis.shards", "Redis shards", Whole, "shards", "1 is a single server; 3 and more are a Redis Cluster."),
            new("redis.replicasPerShard", "Redis replicas per shard", Whole, "replicas"),
            new("redis.memoryMiB", "Redis memory of each server", Whole, "MiB"),
            new("redis.persistent", "Redis keeps its data over a restart", Toggle),
            new("redis.eviction", "When the Redis memory is full", Choice)
            {
                IsAdvanced = true,
                Choices = [new("leastRecentlyUsed", "Drop what was not used for longest"), new("expiringOnly", "Drop only what expires"), new("refuse", "Refuse to write")],
            },
            new("pubSub.provider", "Pub/Sub", Choice) { Choices = [new("kafka", "Kafka in the environment"), new("google", "Google Pub/Sub")] },
            new("pubSub.googleProject", "Google Cloud project", OptionalText) { OnlyWith = s_google },
            new("pubSub.topics", "Topics", Words, null, "Names separated by commas.") { IsAdvanced = true },
            new("pubSub.retentionHours", "Messages kept", Whole, "hours") { IsAdvanced = true, OnlyWith = s_kafka },
            new("pubSub.size.cpuMillicores", "Pub/Sub CPU per broker", Whole, "millicores") { IsAdvanced = true, OnlyWith = s_kafka },
            new("pubSub.size.memoryMiB", "Pub/Sub memory per broker", Whole, "MiB") { IsAdvanced = true, OnlyWith = s_kafka },
            new("pubSub.brokers", "Pub/Sub brokers", Whole, "brokers") { OnlyWith = s_kafka },
            new("pubSub.partitions", "Partitions of each topic", Whole, "partitions") { OnlyWith = s_kafka },
            new("pubSub.storageGiB", "Pub/Sub storage of each broker", Whole, "GiB") { OnlyWith = s_kafka },
        ]),
        new("Monitoring and housekeeping", "Metrics, logs, alerts, and what keeps the environment clean.", [Metrics, Logs, Alerting, Housekeeping],
        [
            new("metrics.provider", "Metrics", Choice) { Choices = [new("dedicated", "Prometheus of the environment's own"), new("operator", "Prometheus operator of the cluster"), new("datadog", "Datadog agent of the cluster")] },
            new("metrics.datadogAgent", "Datadog agent", OptionalText, null, "Host and port.") { OnlyWith = s_datadog },
            new("logs.provider", "Logs", Choice) { Choices = [new("loki", "Loki of the environment's own"), new("elasticsearch", "Elasticsearch elsewhere")] },
            new("logs.elasticsearchUrl", "Elasticsearch address", OptionalText) { OnlyWith = s_elasticsearch },
            new("logs.auditRetentionDays", "Firewall's audit lines kept", OptionalWhole, "days", "At least as long as logs; leave empty for as long as these.") { IsAdvanced = true },
            new("metrics.remoteWriteUrl", "Metrics also sent to", OptionalText, null, "An https address for Prometheus remote write; leave empty for none.") { IsAdvanced = true },
            new("metrics.remoteWriteUser", "User name there", OptionalText, null, "Leave empty to send a token alone.") { IsAdvanced = true },
            new("logs.archiveDays", "Logs archived after that", Whole, "days", "0 deletes them.") { IsAdvanced = true },
            new("metrics.retentionDays", "Metrics kept", Whole, "days"),
            new("metrics.storageGiB", "Metrics storage", Whole, "GiB"),
            new("metrics.grafana", "Grafana with dashboards", Toggle),
            new("logs.retentionDays", "Logs kept", Whole, "days"),
            new("logs.storageGiB", "Logs storage", Whole, "GiB"),
            new("alerting.errorRatePercent", "Alert above this share of failed requests", FieldKind.Decimal, "%"),
            new("alerting.notifyEmail", "Alert e-mail", OptionalText, null, "Leave empty to send no mail."),
            new("alerting.slackChannel", "Alert Slack channel", OptionalText, null, "For example #shop-alerts; leave empty for none."),
            new("alerting.webhookUrl", "Alert webhook", OptionalText, null, "An address that alerts are posted to; leave empty for none.") { IsAdvanced = true },
            new("alerting.replicas", "Alertmanager", Whole, "pods") { IsAdvanced = true },
            new("alerting.latencyMilliseconds", "Alert above this response time (95 %)", Whole, "ms") { IsAdvanced = true },
            new("alerting.diskPercent", "Alert when a volume is fuller than", Whole, "%") { IsAdvanced = true },
            new("alerting.replicationLagSeconds", "Alert when a MySQL replica is behind by", Whole, "seconds") { IsAdvanced = true },
            new("alerting.consumerLag", "Alert when consumers are behind by", Whole, "messages") { IsAdvanced = true },
            new("housekeeping.finishedPodsHours", "Finished pods kept", Whole, "hours"),
            new("housekeeping.headroomPods", "Room kept free for scaling out", Whole, "pods") { IsAdvanced = true },
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
        new($"{path}.env", $"{title} environment variables", Lines, null, "NAME=value, one on each line. No passwords.") { IsAdvanced = true },
        new($"{path}.secrets", $"{title} Secrets", Words, null, "Names of Secrets of the namespace; their keys become files in /run/secrets/NAME.") { IsAdvanced = true },
        new($"{path}.vertical", $"{title} vertical autoscaler", Choice)
        {
            IsAdvanced = true,
            Choices = [new("off", "None"), new("recommend", "Only recommends"), new("memory", "Sets the memory")],
        },
        new($"{path}.scaleMemoryPercent", $"{title}: also scale above this memory", OptionalWhole, "%") { IsAdvanced = true },
        new($"{path}.scaleMetric", $"{title}: also scale by this metric", OptionalText) { IsAdvanced = true },
        new($"{path}.scaleMetricTarget", $"{title}: target of that metric per pod", OptionalWhole) { IsAdvanced = true },
        new($"{path}.livePath", $"{title} liveness path", OptionalText) { IsAdvanced = true },
        new($"{path}.readyPath", $"{title} readiness path", OptionalText) { IsAdvanced = true },
        new($"{path}.startSeconds", $"{title} may take to start", Whole, "seconds") { IsAdvanced = true },
        new($"{path}.graceSeconds", $"{title} may take to end", Whole, "seconds") { IsAdvanced = true },
    ];
}
