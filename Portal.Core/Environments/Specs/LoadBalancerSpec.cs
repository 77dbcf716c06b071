namespace Portal.Core.Environments.Specs;

/// <summary>The application load balancer: TLS termination, web application firewall, routes by path and header, rate limit.</summary>
/// <param name="RequestsPerSecond">Rate limit per client address.</param>
public sealed record LoadBalancerSpec(Scale Scale, WafMode Waf, int RequestsPerSecond)
{
    /// <summary>How much the core rule set suspects, 1 (few false alarms) to 4.</summary>
    public int ParanoiaLevel { get; init; } = 1;

    /// <summary>The anomaly score from which a request counts as an attack; a single critical rule scores 5.</summary>
    public int AnomalyThreshold { get; init; } = 5;

    /// <summary>Numbers of core rules that are switched off because they hit what is harmless here.</summary>
    public IReadOnlyList<int> DisabledRules { get; init; } = [];

    /// <summary>Core rules that are switched off under some paths alone.</summary>
    public IReadOnlyList<WafExclusionSpec> WafExclusions { get; init; } = [];

    /// <summary>Addresses and networks (CIDR) that are refused with 403.</summary>
    public IReadOnlyList<string> BlockedAddresses { get; init; } = [];

    public int MaxBodyMiB { get; init; } = 10;

    /// <summary>Which service answers which path; the longest path wins, and among equal paths the one that names a header.</summary>
    public IReadOnlyList<RouteSpec> Routes { get; init; } = RouteSpec.Defaults;
}

/// <summary>Switches core rules off for a path and all below it.</summary>
/// <param name="Path">Begins with <c>/</c>; what is off everywhere is in <see cref="LoadBalancerSpec.DisabledRules"/>.</param>
/// <param name="RuleIds">Numbers of core rules.</param>
public sealed record WafExclusionSpec(string Path, IReadOnlyList<int> RuleIds);

/// <summary>Sends a path, and all below it, to a service; with a header only requests that carry it with that value.</summary>
/// <param name="Path">Begins with <c>/</c>; <c>/</c> takes the rest.</param>
/// <param name="Header">Name of a request header, in lower case, or null.</param>
/// <param name="Value">The header's value; null exactly when there is no header.</param>
public sealed record RouteSpec(string Path, RoutedService Service, string? Header = null, string? Value = null)
{
    public static IReadOnlyList<RouteSpec> Defaults { get; } =
    [
        new("/api", RoutedService.Gateway), new("/publish", RoutedService.Publish), new("/consume", RoutedService.Consume), new("/", RoutedService.Frontend),
    ];
}

/// <summary>The services that a route can name.</summary>
public enum RoutedService
{
    Frontend,
    Gateway,
    Publish,
    Consume,
}

/// <summary>What the web application firewall does with a suspicious request.</summary>
public enum WafMode
{
    /// <summary>Let it pass and log it.</summary>
    Detection,

    /// <summary>Refuse it with 403 and log it.</summary>
    Blocking,
}

/// <summary>The ingress tier between the load balancer and the services. Whichever it is, requests come to it through edges and firewall.</summary>
public sealed record IngressSpec(Scale Scale, IngressMode Mode)
{
    /// <summary>Name of the IngressClass or GatewayClass; null takes the cluster's default, or the only one that the platform describes.</summary>
    public string? ClassName { get; init; }
}

/// <summary>Who routes inside the cluster.</summary>
public enum IngressMode
{
    /// <summary>A tier of the environment's own; needs no cluster rights.</summary>
    Dedicated,

    /// <summary>An <c>Ingress</c> for a controller that the cluster shares.</summary>
    IngressClass,

    /// <summary><c>HTTPRoute</c> objects at the platform's Gateway, where the cluster has the Gateway API.</summary>
    Gateway,
}
