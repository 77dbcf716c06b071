using System.Net;
using System.Text.RegularExpressions;
using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>Every rule that a spec must keep. Collects all that is wrong, each at its field.</summary>
/// <remarks>Pure. <c>current</c> is the spec that runs now: some things may grow but not shrink.</remarks>
public static partial class SpecValidator
{
    /// <summary>The rules for a spec that an environment begins with.</summary>
    public static IReadOnlyList<Error> ValidateNew(EnvironmentSpec spec)
    {
        var check = new SpecCheck();
        DayTwoRules.CheckNew(spec, check);
        return [.. Validate(spec), .. check.Errors];
    }

    public static IReadOnlyList<Error> Validate(EnvironmentSpec spec, EnvironmentSpec? current = null)
    {
        var check = new SpecCheck();
        CheckEntry(spec, check);
        CheckServices(spec, check);
        CheckData(spec, check);
        CheckOperations(spec, check);
        if (current is not null)
        {
            SpecGrowth.Check(spec, current, check);
        }

        return check.Errors;
    }

    private static void CheckEntry(EnvironmentSpec spec, SpecCheck check)
    {
        check.That(spec.HostName is { Length: <= 253 } && HostName().IsMatch(spec.HostName), "hostName",
            $"{UserText.Quote(spec.HostName)} is no host name. Write lower-case labels separated by dots, for example shop.apps.example.");
        check.Range("edge.locations", spec.Edge.Locations.Count, 1, 9, "locations");
        foreach (var location in spec.Edge.Locations)
        {
            check.That(location is { Length: <= 20 } && Label().IsMatch(location), "edge.locations",
                $"{UserText.Quote(location)} is no location name. Use at most 20 lower-case letters, digits and hyphens, beginning with a letter.");
        }

        check.That(spec.Edge.Locations.Distinct().Count() == spec.Edge.Locations.Count, "edge.locations", "Each edge location may be named once.");
        check.Range("edge.podsPerLocation", spec.Edge.PodsPerLocation, 1, 10, "pods");
        check.Range("edge.cacheGiB", spec.Edge.CacheGiB, 1, 500, "GiB");
        check.Range("edge.defaultTtlSeconds", spec.Edge.DefaultTtlSeconds, 0, 86_400, "seconds");
        check.Each("edge.privatePaths", spec.Edge.PrivatePaths, 50, path => Path().IsMatch(path), "is no path. Write one that begins with / and holds letters, digits and . _ ~ - / only, for example /account.");
        check.Each("edge.sessionCookies", spec.Edge.SessionCookies, 50, name => Token().IsMatch(name), "is no cookie name. Use letters, digits and . _ - only.");
        check.Scale("loadBalancer.scale", spec.LoadBalancer.Scale, 50);
        check.Range("loadBalancer.requestsPerSecond", spec.LoadBalancer.RequestsPerSecond, 1, 100_000, "requests per second");
        CheckFirewall(spec.LoadBalancer, check);
        CheckRoutes(spec.LoadBalancer.Routes, check);
        check.Scale("ingress.scale", spec.Ingress.Scale, 50);
        check.That(spec.Ingress.ClassName is not { } name || (name.Length <= 63 && ObjectName().IsMatch(name)), "ingress.className",
            $"{UserText.Quote(spec.Ingress.ClassName)} is no class name. Leave it empty for the cluster's default.");
    }

    private static void CheckFirewall(LoadBalancerSpec spec, SpecCheck check)
    {
        check.Range("loadBalancer.paranoiaLevel", spec.ParanoiaLevel, 1, 4, "");
        check.Range("loadBalancer.anomalyThreshold", spec.AnomalyThreshold, 3, 1_000, "points");
        check.Range("loadBalancer.maxBodyMiB", spec.MaxBodyMiB, 1, 1_024, "MiB");
        // Rules outside of these numbers set the scene, add up the scores and judge; without them nothing is refused any more.
        check.That(spec.DisabledRules.Count <= 200 && spec.DisabledRules.All(rule => rule is >= 911_000 and < 980_000 and not (>= 949_000 and < 950_000) and not (>= 959_000 and < 960_000)), "loadBalancer.disabledRules",
            "A rule that looks for something has a number from 911000 to 979999, without the judging ones of 949000 and 959000, and at most 200 may be switched off.");
        check.Each("loadBalancer.blockedAddresses", spec.BlockedAddresses, 500, IsAddress,
            "is no address and no network. Write one like 203.0.113.7 or 203.0.113.0/24.");
    }

    // The parser alone takes shortened spellings that name another address than a reader expects.
    private static bool IsAddress(string text) =>
        (text.Contains(':', StringComparison.Ordinal) || text.Count(letter => letter == '.') == 3) && (IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _));

    private static void CheckRoutes(IReadOnlyList<RouteSpec> routes, SpecCheck check)
    {
        check.Range("loadBalancer.routes", routes.Count, 1, 100, "routes");
        foreach (var route in routes)
        {
            check.That(route.Path == "/" || (route.Path is { Length: <= 200 } && Path().IsMatch(route.Path)), "loadBalancer.routes",
                $"{UserText.Quote(route.Path)} is no path. Write one that begins with / and holds letters, digits and . _ ~ - / only, for example /api.");
            check.That((route.Header is null) == (route.Value is null), "loadBalancer.routes", $"The route {UserText.Quote(route.Path)} needs a header and its value, or neither.");
            check.That(route.Header is null || HeaderName().IsMatch(route.Header), "loadBalancer.routes", $"{UserText.Quote(route.Header)} is no name of a header to route by. Use letters, digits and - only.");
            check.That(route.Value is null || HeaderValue().IsMatch(route.Value), "loadBalancer.routes", $"{UserText.Quote(route.Value)} is no value of a header to route by. Use at most 100 letters, digits and . _ - only.");
        }

        foreach (var same in routes.GroupBy(route => (Trim(route.Path), route.Header?.ToLowerInvariant(), route.Value)).Where(same => same.Count() > 1))
        {
            var (path, header, value) = same.Key;
            check.That(false, "loadBalancer.routes",
                $"{same.Count()} routes answer {path}{(header is null ? "" : $" with {header}: {value}")}. Keep one of them: a request goes to one service.");
        }

        check.That(routes.Any(route => route is { Path: "/", Header: null }), "loadBalancer.routes", "No route takes the rest. Add one for / without a header.");

        static string Trim(string path) => path.Length > 1 ? path.TrimEnd('/') : path;
    }

    private static void CheckServices(EnvironmentSpec spec, SpecCheck check)
    {
        CheckService("frontend", spec.Frontend, check);
        CheckService("gateway", spec.Gateway, check);
        CheckService("publish", spec.Publish, check);
        CheckService("consume", spec.Consume, check);
    }

    private static void CheckService(string field, ServiceSpec service, SpecCheck check)
    {
        check.That(service.Image is { Length: <= 255 } && Image().IsMatch(service.Image) && !service.Image.EndsWith(":latest", StringComparison.Ordinal), $"{field}.image",
            $"{UserText.Quote(service.Image)} is no image to deploy. Name it with a tag or a digest, for example registry.example/team/app:1.4.2; \"latest\" is not allowed because it cannot be rolled back.");
        check.Scale($"{field}.scale", service.Scale, 100);
        check.Size($"{field}.size", service.Size);
        CheckSignals(field, service, check);
        check.Each($"{field}.env", service.Env, 100, each => Variable().IsMatch(each) && UserText.IsStorable(each), "is no environment variable. Write NAME=value, one on each line, with a name of letters, digits and _.");
        check.Unique($"{field}.env", service.Env.Select(each => each.Split('=')[0]), "is set twice.");
        check.Each($"{field}.secrets", service.Secrets, 20, name => name.Length <= 63 && ObjectName().IsMatch(name), "is no name of a Secret. Use at most 63 lower-case letters, digits and hyphens.");
        check.Unique($"{field}.secrets", service.Secrets, "is named twice.");
        check.That(!service.Secrets.Contains("portal"), $"{field}.secrets", "A Secret named \"portal\" has no place: /run/secrets/portal holds the passwords that the portal makes. Give it another name.");
        CheckProbe($"{field}.livePath", service.LivePath, check);
        CheckProbe($"{field}.readyPath", service.ReadyPath, check);
        check.Range($"{field}.startSeconds", service.StartSeconds, 5, 1_800, "seconds");
        check.Range($"{field}.graceSeconds", service.GraceSeconds, 1, 600, "seconds");
    }

    private static void CheckSignals(string field, ServiceSpec service, SpecCheck check)
    {
        if (service.ScaleMemoryPercent is { } memory)
        {
            check.Range($"{field}.scaleMemoryPercent", memory, 10, 95, "percent");
            check.That(service.Vertical != VerticalMode.Memory, $"{field}.vertical", $"{field} scales out by memory, so its memory cannot be set vertically as well: the two would fight. Choose one of them.");
        }

        check.That((service.ScaleMetric is null) == (service.ScaleMetricTarget is null), $"{field}.scaleMetricTarget", $"{field} needs a metric and its target per pod, or neither.");
        check.That(service.ScaleMetric is null || (service.ScaleMetric.Length <= 200 && Metric().IsMatch(service.ScaleMetric)), $"{field}.scaleMetric",
            $"{UserText.Quote(service.ScaleMetric)} is no name of a metric. Write one like http_requests_per_second.");
        if (service.ScaleMetricTarget is { } target)
        {
            check.Range($"{field}.scaleMetricTarget", target, 1, 1_000_000_000, "per pod");
        }
    }

    private static void CheckProbe(string field, string? path, SpecCheck check) =>
        check.That(path is null || (path.Length <= 200 && Path().IsMatch(path)), field, $"{UserText.Quote(path)} is no path. Write one that begins with /, for example /healthz, or leave it empty.");

    private static void CheckData(EnvironmentSpec spec, SpecCheck check)
    {
        check.Range("mySql.readReplicas", spec.MySql.ReadReplicas, 0, 9, "replicas");
        check.Range("mySql.storageGiB", spec.MySql.StorageGiB, 1, 16_384, "GiB");
        check.Range("mySql.backupRetentionDays", spec.MySql.BackupRetentionDays, 1, 365, "days");
        check.Size("mySql.size", spec.MySql.Size, minMemoryMiB: 512);
        check.Range("mySql.backupHour", spec.MySql.BackupHour, 0, 23, "o'clock UTC");
        check.Range("mySql.maxConnections", spec.MySql.MaxConnections, 10, 10_000, "connections");
        check.That(spec.Redis.Shards is 1 or (>= 3 and <= 30), "redis.shards",
            $"redis.shards is {spec.Redis.Shards}; allowed is 1 (a single server) or 3 to 30 (a Redis Cluster needs three masters for a majority).");
        check.Range("redis.replicasPerShard", spec.Redis.ReplicasPerShard, 0, 5, "replicas");
        check.That(spec.Redis.Shards > 1 || spec.Redis.ReplicasPerShard == 0, "redis.replicasPerShard",
            "A single Redis server has no replicas. Choose 3 shards or more for a Redis Cluster, or 0 replicas.");
        check.Range("redis.memoryMiB", spec.Redis.MemoryMiB, 64, 262_144, "MiB");
        check.That(spec.PubSub.Brokers is 1 or (>= 3 and <= 30), "pubSub.brokers",
            $"pubSub.brokers is {spec.PubSub.Brokers}; allowed is 1 (a single node) or 3 to 30 (two cannot outvote a failure).");
        check.Range("pubSub.partitions", spec.PubSub.Partitions, 1, 1_000, "partitions");
        check.Range("pubSub.storageGiB", spec.PubSub.StorageGiB, 1, 16_384, "GiB");
        check.Size("pubSub.size", spec.PubSub.Size, minMemoryMiB: 512);
        CheckTopics(spec.PubSub, check);
        check.That(spec.PubSub.Provider == PubSubProvider.Google || spec.Consume.Scale.Max <= spec.PubSub.Partitions, "consume.scale.max",
            $"consume.scale.max is {spec.Consume.Scale.Max} but a topic has {spec.PubSub.Partitions} partitions: pods beyond one per partition would idle. Lower it, or raise pubSub.partitions.");
    }

    private static void CheckTopics(PubSubSpec spec, SpecCheck check)
    {
        check.Range("pubSub.topics", spec.Topics.Count, 1, 100, "topics");
        check.Each("pubSub.topics", spec.Topics, 100, topic => topic.Length <= 200 && Topic().IsMatch(topic) && !topic.EndsWith(".failed", StringComparison.Ordinal),
            "is no topic. Use letters, digits, dots and hyphens, beginning with a letter; .failed at the end is kept for what could not be worked on.");
        check.Unique("pubSub.topics", spec.Topics, "is named twice.");
        check.Range("pubSub.retentionHours", spec.RetentionHours, 1, 8_760, "hours");
        check.That((spec.Provider == PubSubProvider.Google) == (spec.GoogleProject is not null), "pubSub.googleProject",
            "pubSub.googleProject is set exactly when pubSub.provider is google.");
        check.That(spec.GoogleProject is null || GoogleProject().IsMatch(spec.GoogleProject), "pubSub.googleProject",
            $"{UserText.Quote(spec.GoogleProject)} is no id of a Google Cloud project. It has 6 to 30 lower-case letters, digits and hyphens.");
    }

    private static void CheckOperations(EnvironmentSpec spec, SpecCheck check)
    {
        check.Range("metrics.retentionDays", spec.Metrics.RetentionDays, 1, 365, "days");
        check.Range("metrics.storageGiB", spec.Metrics.StorageGiB, 1, 16_384, "GiB");
        check.Range("logs.retentionDays", spec.Logs.RetentionDays, 1, 365, "days");
        check.Range("logs.storageGiB", spec.Logs.StorageGiB, 1, 16_384, "GiB");
        check.Range("alerting.replicas", spec.Alerting.Replicas, 1, 5, "pods");
        check.That(double.IsFinite(spec.Alerting.ErrorRatePercent) && spec.Alerting.ErrorRatePercent is >= 0.1 and <= 100, "alerting.errorRatePercent",
            $"alerting.errorRatePercent is {spec.Alerting.ErrorRatePercent.ToString(System.Globalization.CultureInfo.InvariantCulture)}; allowed is 0.1 to 100 percent.");
        check.That(spec.Alerting.NotifyEmail is null || (spec.Alerting.NotifyEmail.Length <= 254 && Email().IsMatch(spec.Alerting.NotifyEmail)), "alerting.notifyEmail",
            $"{UserText.Quote(spec.Alerting.NotifyEmail)} is no e-mail address. Write one like team@shop.example, or leave it empty.");
        CheckMonitoring(spec, check);
        check.Range("housekeeping.finishedPodsHours", spec.Housekeeping.FinishedPodsHours, 1, 720, "hours");
        check.Range("housekeeping.headroomPods", spec.Housekeeping.HeadroomPods, 0, 20, "pods");
        check.Range("rollout.deadlineMinutes", spec.Rollout.DeadlineMinutes, 2, 240, "minutes");
        DayTwoRules.Check(spec, check);
    }

    private static void CheckMonitoring(EnvironmentSpec spec, SpecCheck check)
    {
        check.That((spec.Metrics.Provider == MetricsProvider.Datadog) == (spec.Metrics.DatadogAgent is not null), "metrics.datadogAgent",
            "metrics.datadogAgent is set exactly when metrics.provider is datadog.");
        check.That(spec.Metrics.DatadogAgent is null || HostAndPort().IsMatch(spec.Metrics.DatadogAgent), "metrics.datadogAgent",
            $"{UserText.Quote(spec.Metrics.DatadogAgent)} is no host with a port. Write one like datadog-agent.datadog.svc:8125.");
        check.Range("logs.archiveDays", spec.Logs.ArchiveDays, 0, 3_650, "days");
        check.That((spec.Logs.Provider == LogsProvider.Elasticsearch) == (spec.Logs.ElasticsearchUrl is not null), "logs.elasticsearchUrl",
            "logs.elasticsearchUrl is set exactly when logs.provider is elasticsearch.");
        CheckUrl("logs.elasticsearchUrl", spec.Logs.ElasticsearchUrl, "https://elastic.logs.example:9200", check);
        check.That(spec.Alerting.SlackChannel is null || SlackChannel().IsMatch(spec.Alerting.SlackChannel), "alerting.slackChannel",
            $"{UserText.Quote(spec.Alerting.SlackChannel)} is no Slack channel. Write one like #shop-alerts, or leave it empty.");
        CheckUrl("alerting.webhookUrl", spec.Alerting.WebhookUrl, "https://hooks.shop.example/alerts", check);
        check.Range("alerting.latencyMilliseconds", spec.Alerting.LatencyMilliseconds, 10, 60_000, "milliseconds");
        check.Range("alerting.diskPercent", spec.Alerting.DiskPercent, 50, 99, "percent");
        check.Range("alerting.replicationLagSeconds", spec.Alerting.ReplicationLagSeconds, 1, 3_600, "seconds");
        check.Range("alerting.consumerLag", spec.Alerting.ConsumerLag, 1, 1_000_000_000, "messages");
    }

    // User names and passwords in an address would be shown with the spec.
    private static void CheckUrl(string field, string? url, string example, SpecCheck check) =>
        check.That(url is null || (url.Length <= 500 && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && PlainUrl().IsMatch(url)), field,
            $"{UserText.Quote(url)} is no address to send to. Write one like {example}, without a user name or password, or leave it empty.");

    [GeneratedRegex(@"^[a-z]([a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex HostName();

    // The grammar of the distribution specification: host[:port]/path:tag or @digest; a tag or digest is required, and a port is none.
    [GeneratedRegex(@"^[a-z0-9]+([._-][a-z0-9]+)*(:[0-9]{1,5})?(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?(?<=[:@][^/]+)\z")]
    private static partial Regex Image();

    // What RFC 5322 allows without quotes, less braces: the mail's recipient is a template to Alertmanager.
    [GeneratedRegex(@"^[A-Za-z0-9.!#$%&'*+/=?^_`|~-]+@[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)+\z")]
    private static partial Regex Email();

    [GeneratedRegex(@"^(/[A-Za-z0-9._~-]+)+/?\z")]
    private static partial Regex Path();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex Token();

    // No underscore and no dot: web servers drop such headers.
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9-]{0,99}\z")]
    private static partial Regex HeaderName();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex HeaderValue();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,99}=[^\p{C}]{0,2000}\z")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\z")]
    private static partial Regex ObjectName();

    [GeneratedRegex(@"^[a-zA-Z_][a-zA-Z0-9_]*\z")]
    private static partial Regex Metric();

    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9.-]*\z")]
    private static partial Regex Topic();

    // https://cloud.google.com/resource-manager/docs/creating-managing-projects
    [GeneratedRegex(@"^[a-z][a-z0-9-]{4,28}[a-z0-9]\z")]
    private static partial Regex GoogleProject();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[0-9]{1,5}\z")]
    private static partial Regex HostAndPort();

    [GeneratedRegex(@"^#[a-z0-9_-]{1,79}\z")]
    private static partial Regex SlackChannel();

    // Nothing that could end a string or begin a placeholder in the file it is written to.
    [GeneratedRegex(@"^[A-Za-z0-9:/?#\[\]!$&()*+,;=._~%-]+\z")]
    private static partial Regex PlainUrl();
}
