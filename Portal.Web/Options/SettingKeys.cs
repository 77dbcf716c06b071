namespace Portal.Web.Options;

/// <summary>The full name of every setting, as it is written in messages and in the documentation.</summary>
/// <remarks>As an environment variable, a colon is written as two underscores.</remarks>
public static class SettingKeys
{
    public const string Database = "ConnectionStrings:Portal";
    public const string Kubeconfig = "Cluster:Kubeconfig";
    public const string Context = "Cluster:Context";
    public const string InCluster = "Cluster:InCluster";
    public const string DefaultCluster = "Cluster:Default";
    public const string Clusters = "Clusters";
    public const string DataDirectory = "Data:Directory";
    public const string DemoAllowNonLoopback = "Demo:AllowNonLoopback";
    public const string RequestsPerMinute = "Api:RequestsPerMinute";
    public const string Urls = "Urls";
    public const string Registry = "Platform:Registry";
    public const string PullSecret = "Platform:PullSecret";
    public const string SecretsNamespace = "Platform:SecretsNamespace";
    public const string ImageDigests = "Platform:ImageDigests";
    public const string ResolveDigests = "Platform:ResolveDigests";
    public const string MailHost = "Platform:Mail:Host";
    public const string MailPort = "Platform:Mail:Port";
    public const string MailFrom = "Platform:Mail:From";
    public const string MailRequireTls = "Platform:Mail:RequireTls";
    public const string StoreEndpoint = "Platform:ObjectStore:Endpoint";
    public const string StoreRegion = "Platform:ObjectStore:Region";
    public const string StoreBucket = "Platform:ObjectStore:Bucket";
    public const string StorePrefix = "Platform:ObjectStore:Prefix";
    public const string StorePathStyle = "Platform:ObjectStore:PathStyle";
    public const string StoreSecret = "Platform:ObjectStore:Secret";
    public const string StoreCidr = "Platform:ObjectStore:Cidr";

    public const string IngressControllers = "Platform:IngressControllers";

    /// <summary>What may be said of each cluster that has a name, with NAME in its place.</summary>
    public static IReadOnlyList<string> NamedCluster { get; } = ["Clusters:NAME:Kubeconfig", "Clusters:NAME:Context", "Clusters:NAME:InCluster"];

    /// <summary>What may be said of each shared controller, with its place in the list as N.</summary>
    public static IReadOnlyList<string> IngressController { get; } =
    [
        "Platform:IngressControllers:N:Class", "Platform:IngressControllers:N:Service", "Platform:IngressControllers:N:Port", "Platform:IngressControllers:N:PodPort",
        "Platform:IngressControllers:N:Gateway",
    ];

    public static IReadOnlyList<string> Store { get; } = [StoreEndpoint, StoreRegion, StoreBucket, StorePrefix, StorePathStyle, StoreSecret, StoreCidr];

    public static IReadOnlyList<string> All { get; } =
    [
        Database, Kubeconfig, Context, InCluster, DefaultCluster, .. NamedCluster, DataDirectory, DemoAllowNonLoopback, RequestsPerMinute, Urls,
        Registry, PullSecret, SecretsNamespace, ImageDigests, ResolveDigests, MailHost, MailPort, MailFrom, MailRequireTls,
        .. Store, .. IngressController,
    ];
}
