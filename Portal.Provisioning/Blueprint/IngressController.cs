namespace Portal.Provisioning.Blueprint;

/// <summary>A controller of routes that a cluster shares: what an environment has to know of it to send it requests that have passed edge and firewall.</summary>
/// <param name="Class">Name of the IngressClass, or with <paramref name="Gateway"/> of the GatewayClass, that it acts on.</param>
/// <param name="Service">The Service of its proxies, reachable within the cluster.</param>
/// <param name="Port">The Service's port for plain HTTP.</param>
/// <param name="PodPort">The same at the pods: a network policy sees an address after translation.</param>
/// <param name="Gateway">The platform's Gateway that HTTPRoutes attach to; null for an IngressClass, which needs none.</param>
public sealed record IngressController(string Class, NamespacedName Service, int Port, int PodPort, NamespacedName? Gateway = null);

/// <summary>An object outside of the environment.</summary>
public sealed record NamespacedName(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}/{Name}";
}
