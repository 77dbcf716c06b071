namespace Portal.Core.Environments.Specs;

/// <summary>The application load balancer: TLS termination, web application firewall, routes by path and header, rate limit.</summary>
/// <param name="RequestsPerSecond">Rate limit per client address.</param>
public sealed record LoadBalancerSpec(Scale Scale, WafMode Waf, int RequestsPerSecond);

/// <summary>What the web application firewall does with a suspicious request.</summary>
public enum WafMode
{
    /// <summary>Let it pass and log it.</summary>
    Detection,

    /// <summary>Refuse it with 403 and log it.</summary>
    Blocking,
}

/// <summary>The ingress tier between the load balancer and the services.</summary>
public sealed record IngressSpec(Scale Scale, IngressMode Mode);

/// <summary>Who routes inside the cluster.</summary>
public enum IngressMode
{
    /// <summary>A tier of the environment's own; needs no cluster rights.</summary>
    Dedicated,

    /// <summary><c>Ingress</c> objects for the cluster's shared ingress controller.</summary>
    IngressClass,
}
