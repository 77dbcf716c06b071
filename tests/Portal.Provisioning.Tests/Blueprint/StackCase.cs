using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>A spec and a cluster that the rules are checked with.</summary>
public sealed record StackCase(string Name, EnvironmentSpec Spec, ClusterCapabilities Capabilities)
{
    public static StackIdentity Identity { get; } =
        new(new EnvironmentId(new Guid("01990000-0000-7000-8000-000000000001")), "payments", "shop", "shop", 1);

    /// <summary>Secrets that the unusual case takes as given: the team made them.</summary>
    public static IReadOnlyList<string> OwnSecrets { get; } = ["gateway-keys", "partner.example"];

    /// <summary>The public certificate of the provided case.</summary>
    public const string OwnCertificate = "shop-tls";

    /// <summary>The password of the case with a database of others.</summary>
    public const string OwnPassword = "shop-db";

    /// <summary>What the platform's owners put into every namespace, in the cases with an object store.</summary>
    public static IReadOnlyList<string> PlatformSecrets { get; } = [StoreSecret];

    private const string StoreSecret = "object-store";

    private static readonly ClusterCapabilities s_rich = ClusterCapabilities.Basic with
    {
        ServerVersion = new ClusterVersion(1, 36, "v1.36.2"),
        HasVerticalPodAutoscaler = true,
        HasPrometheusOperator = true,
        HasGatewayApi = true,
        GatewayClasses = ["shared"],
        HasCertManager = true,
        HasCustomMetrics = true,
        HasExternalMetrics = true,
    };

    private static readonly ClusterCapabilities s_bare = new() { ServerVersion = new ClusterVersion(1, 30, "v1.30.0") };

    /// <summary>The controllers of the classes that the clusters here have.</summary>
    public static IReadOnlyList<IngressController> Controllers { get; } =
    [
        new("nginx", new("ingress-system", "controller"), 80, 8000), new("shared", new("gateway-system", "proxies"), 8080, 8081, new("gateway-system", "public")),
    ];

    public PlatformSettings Platform { get; init; } = PlatformSettings.Default;

    public RenderedStack Render() => StackBlueprint.Render(Spec, Identity, Capabilities, Platform);

    public override string ToString() => Name;

    public static StackCase Of(Preset preset) => new(preset.ToString(), Presets.Create(preset, Purpose.Production, "shop.apps.example"), s_rich);

    /// <summary>Presets x purposes x clusters, and what no preset asks for.</summary>
    public static IReadOnlyList<StackCase> All { get; } =
    [
        .. from preset in Presets.All
           from purpose in Enum.GetValues<Purpose>()
           from cluster in new[] { ("basic", ClusterCapabilities.Basic), ("rich", s_rich), ("bare", s_bare) }
           select new StackCase($"{preset}-{purpose}-{cluster.Item1}", Presets.Create(preset, purpose, "shop.apps.example"), cluster.Item2),
        .. from cluster in new[] { ("basic", ClusterCapabilities.Basic), ("bare", s_bare) }
           select new StackCase($"unusual-{cluster.Item1}", Unusual(), cluster.Item2) { Platform = new() { IngressControllers = Controllers } },
        new("unusual-gateway", Unusual() with { Ingress = new(new(2, 4), IngressMode.Gateway) }, s_rich) { Platform = new() { IngressControllers = Controllers } },
        .. MonitoringCases.On(s_rich, s_bare),
        new("issued-rich", Certified(new() { Source = CertificateSource.CertManager, IssuerName = "letsencrypt" }), s_rich),
        new("issued-basic", Certified(new() { Source = CertificateSource.CertManager, IssuerName = "letsencrypt" }), ClusterCapabilities.Basic),
        new("provided-basic", Certified(new() { Source = CertificateSource.Provided, SecretName = OwnCertificate }), ClusterCapabilities.Basic),
        new("operated-basic", Operated(), ClusterCapabilities.Basic),
        new("google-basic", OnGoogle(), ClusterCapabilities.Basic),
        new("external-basic", OnExternalMySql(), ClusterCapabilities.Basic) { Platform = new() { SecretsNamespace = "portal-platform", ObjectStore = new(new("https://objects.example"), "eu-central-1", "backups", StoreSecret) } },
        new("store-basic", Restoring(), ClusterCapabilities.Basic) { Platform = new() { ObjectStore = new(new("https://objects.example"), "eu-central-1", "backups", StoreSecret) { Prefix = "portal" } } },
        new("store-private", Restoring(), ClusterCapabilities.Basic)
        {
            Platform = new() { Registry = "registry.example/mirror", ObjectStore = new(new("http://10.20.3.4:9000"), "us-east-1", "backups", StoreSecret) { PathStyle = false, Cidr = "10.20.0.0/16" } },
        },
    ];

    public static TheoryData<string> Names => [.. All.Select(each => each.Name)];

    public static StackCase Named(string name) => All.Single(each => each.Name == name);

    /// <summary>In the middle of every operation on its data, with a canary by weight and one by the header alone.</summary>
    private static EnvironmentSpec Operated()
    {
        var spec = Presets.Create(Preset.Medium, Purpose.Staging, "a.example");
        return spec with
        {
            Gateway = spec.Gateway with { Image = "registry.example/shop/gateway:1.0.0", Canary = new("registry.example/shop/gateway:1.1.0", 20, 2) },
            Publish = spec.Publish with { Canary = new("registry.example/shop/publish:2.0.0", 0, 1) },
            Redis = spec.Redis with { Eviction = RedisEviction.Refuse },
            PubSub = spec.PubSub with { Topics = ["orders", "mails"], RetentionHours = 24 },
            DayTwo = spec.DayTwo with
            {
                MySqlPrimary = 1, MySqlCredential = new(2, KeepsPrevious: true), RedisCredential = new(3), PubSubCredential = new(2, KeepsPrevious: true),
                LoadBalancerCertificate = new(3, KeepsPrevious: true), EdgeCertificates = 1,
                Backups = 2, Restore = new(1, "app-20261127T020000Z.sql.gz"),
            },
        };
    }

    /// <summary>In the middle of a backup, and of a restore of another environment's.</summary>
    private static EnvironmentSpec Restoring()
    {
        var spec = Presets.Create(Preset.Small, Purpose.Staging, "a.example");
        return spec with
        {
            DayTwo = spec.DayTwo with
            {
                Backups = 1, IsBackingUp = true, Restore = new(2, null, IsOpen: true, new("payments-live", "01990000-0000-7000-8000-000000000002")),
            },
        };
    }

    private static EnvironmentSpec Certified(CertificateSpec certificate) =>
        Presets.Create(Preset.Small, Purpose.Production, "shop.apps.example") is var spec ? spec with { Edge = spec.Edge with { Certificate = certificate } } : throw new InvalidOperationException();

    private static EnvironmentSpec OnExternalMySql()
    {
        var spec = Presets.Create(Preset.Small, Purpose.Staging, "a.example");
        return spec with { MySql = spec.MySql with { Source = MySqlSource.External, External = new() { Host = "10.20.3.4", ReadHost = "2001:db8::7", Port = 3307, Database = "shop", User = "shop@db", SecretName = OwnPassword } } };
    }

    private static EnvironmentSpec OnGoogle()
    {
        var spec = Presets.Create(Preset.Small, Purpose.Staging, "a.example");
        return spec with { PubSub = spec.PubSub with { Provider = PubSubProvider.Google, GoogleProject = "shop-production" } };
    }

    private static EnvironmentSpec Unusual()
    {
        var spec = Presets.Create(Preset.Medium, Purpose.Staging, "a.example");
        return spec with
        {
            Edge = spec.Edge with
            {
                Locations = ["a-location-whose-name-is-as-long-as-a-dns-label-may-ever-become"], Media = true, Http3 = true, DefaultTtlSeconds = 0, PrivatePaths = ["/account", "/my.orders/"], SessionCookies = ["shop.login", "cart"],
            },
            LoadBalancer = spec.LoadBalancer with
            {
                ParanoiaLevel = 3, AnomalyThreshold = 20, MaxBodyMiB = 64, DisabledRules = [942_100, 920_273, 942_100],
                BlockedAddresses = ["203.0.113.7", "198.51.100.0/24", "2001:db8::/32", "[2001:db8:1::7]:443"],
                Routes =
                [
                    new("/", RoutedService.Frontend), new("/api/", RoutedService.Gateway), new("/api/v1.0", RoutedService.Publish), new("/api", RoutedService.Publish, "X-Canary", "always.on"),
                    new("/", RoutedService.Gateway, "x-tenant", "blue"), new("/media/upload", RoutedService.Gateway, "X-Canary", "always.on"),
                ],
            },
            Ingress = spec.Ingress with { Mode = IngressMode.IngressClass },
            Frontend = spec.Frontend with { Env = ["API_URL=https://a.example/api?x=1&y=\"</script>\"", "EMPTY="], LivePath = "/up", StartSeconds = 900 },
            Gateway = spec.Gateway with
            {
                Image = "registry.example/shop/gateway:1.0.0", Vertical = VerticalMode.Memory, LivePath = "/alive", ReadyPath = "/ready/now", StartSeconds = 300, GraceSeconds = 90,
                ScaleMetric = "http_requests_per_second", ScaleMetricTarget = 2000, Env = ["LOG_LEVEL=info", "POD_NAME=mine"], Secrets = OwnSecrets,
            },
            Publish = spec.Publish with { Vertical = VerticalMode.Off, ScaleMemoryPercent = 80 },
            Redis = spec.Redis with { Shards = 1, ReplicasPerShard = 2, Engine = RedisEngine.Valkey, Persistent = false },
            Metrics = spec.Metrics with { Grafana = false },
            DayTwo = spec.DayTwo with { CachePurges = 4 },
            Alerting = spec.Alerting with { NotifyEmail = "team@example.com" },
        };
    }
}
