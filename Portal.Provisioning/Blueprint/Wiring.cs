using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Databases;
using Portal.Provisioning.Blueprint.Databases.MySql;
using Portal.Provisioning.Blueprint.Ingress;
using Portal.Provisioning.Blueprint.Routing;

namespace Portal.Provisioning.Blueprint;

/// <summary>What waits for what, and who may speak to whom: the one place that says it.</summary>
internal static class Wiring
{
    /// <remarks>
    /// Data before those who use it, and the way in opens from the inside out, at the first rollout and at every later one. Nothing
    /// waits for monitoring. A service that calls another at run time does not wait for it.
    /// A pause goes backwards. Within a component all goes at once but for what its node names: Kafka's brokers hand over what they lead while
    /// there is a quorum of controllers, and MySQL's replicas go while the primary still has what they may lack. Waking has no order within a
    /// component: MySQL's servers start side by side, because the agents open the primary before anything follows it, and open it only when they
    /// have asked the other servers what these have committed. A primary that was started alone could ask nobody.
    /// </remarks>
    public static IEnumerable<StackNode> Nodes(EnvironmentSpec spec, IngressChoice ingress) =>
    [
        new(Component.Base, []),
        new(Component.Edge, [Component.LoadBalancer]) { LastToStart = [Roles.Check] },
        new(Component.LoadBalancer, [Component.Ingress]),
        new(Component.Ingress, [Component.Frontend, Component.Gateway, Component.Publish]) { Namespace = ingress.Controller?.Service.Namespace },
        new(Component.Frontend, [Component.Base]),
        new(Component.Gateway, [Component.MySql, Component.Redis]),
        new(Component.Publish, [Component.MySql, Component.Redis, Component.PubSub]),
        new(Component.Consume, [Component.MySql, Component.Redis, Component.PubSub]),
        new(Component.MySql, [Component.Base]) { LastPod = new(Roles.Server, spec.DayTwo.MySqlPrimary) },
        new(Component.Redis, [Component.Base]),
        new(Component.PubSub, [Component.Base]) { LastAtRest = [Roles.Controller] },
        new(Component.Metrics, [Component.Base]),
        new(Component.Logs, [Component.Base]),
        new(Component.Alerting, [Component.Base]),
        new(Component.Housekeeping, [Component.Base]),
    ];

    /// <remarks>What watches over it all has its flows in <see cref="Monitoring.MonitoringFlows"/>.</remarks>
    public static IEnumerable<Flow> Flows(EnvironmentSpec spec, IngressChoice ingress, PlatformSettings platform) =>
        [.. Requests(spec, ingress), .. Data(spec), .. BackupCopies.Flows(spec, platform)];

    private static IEnumerable<Flow> Requests(EnvironmentSpec spec, IngressChoice ingress)
    {
        var world = Tcp(null, Component.Edge, "HTTPS", Ports.Http, Ports.Https);
        yield return spec.Edge.Http3 ? world with { Ports = [.. world.Ports, new(Ports.Https, "UDP")] } : world;
        yield return Tcp(Component.Edge, Component.LoadBalancer, "cache misses", Ports.Https);
        yield return Tcp(Component.Edge, Component.Edge, "check of the entry", Ports.Http, Ports.Https) with { Role = Roles.Check };
        yield return Tcp(Component.LoadBalancer, Component.Ingress, "filtered requests", ingress.PodPort);
        var all = RouteTable.Of(spec);
        var byHeader = all.Where(ingress.LeavesOut);
        foreach (var (tier, label, routes) in new[]
        {
            (Component.Ingress, "routed requests", all.Where(route => !ingress.LeavesOut(route))),
            (Component.LoadBalancer, "requests routed by a header", byHeader),
        })
        {
            foreach (var service in routes.Services.Select(RouteTable.ComponentOf))
            {
                yield return Tcp(tier, service, label, Ports.Http);
            }
        }

        foreach (var service in all.Where(route => ingress.GoesDirect(all, route)).Services.Except(byHeader.Services).Select(RouteTable.ComponentOf))
        {
            yield return Tcp(Component.LoadBalancer, service, "requests to a service with a canary", Ports.Http) with { WhileCanary = true };
        }

        yield return Tcp(Component.Gateway, Component.Publish, "messages to publish", Ports.Http);
    }

    private static IEnumerable<Flow> Data(EnvironmentSpec spec)
    {
        foreach (var service in new[] { Component.Gateway, Component.Publish, Component.Consume })
        {
            if (!spec.MySql.IsExternal())
            {
                yield return Tcp(service, Component.MySql, "SQL", Ports.MySql);
            }

            yield return Tcp(service, Component.Redis, "cache", Ports.Redis);
        }

        foreach (var flow in spec.MySql.IsExternal() ? [.. ExternalMySql.Flows(spec.MySql.External), .. Messages(spec)] : Messages(spec))
        {
            yield return flow;
        }

        if (!spec.MySql.IsExternal())
        {
            yield return Tcp(Component.MySql, Component.MySql, "replication and backup", Ports.MySql);
        }

        if (spec.Redis.Shards > 1)
        {
            yield return Tcp(Component.Redis, Component.Redis, "cluster bus and replication", Ports.Redis, Ports.RedisBus);
        }
        else if (spec.Redis.ReplicasPerShard > 0)
        {
            yield return Tcp(Component.Redis, Component.Redis, "replication", Ports.Redis);
        }
    }

    private static IEnumerable<Flow> Messages(EnvironmentSpec spec) => PubSubLayer.IsGoogle(spec)
        ? PubSubLayer.GoogleClients.Select(service => Tcp(service, null, "Google Pub/Sub", Ports.GoogleApi))
        :
        [
            Tcp(Component.Publish, Component.PubSub, "publish", Ports.KafkaBroker),
            Tcp(Component.Consume, Component.PubSub, "consume", Ports.KafkaBroker),
            Tcp(Component.PubSub, Component.PubSub, "replication and quorum", Ports.KafkaBroker, Ports.KafkaController),
        ];

    internal static Flow Tcp(Component? from, Component? to, string label, params int[] ports) =>
        new(from, to, label, [.. ports.Select(port => new FlowPort(port))]);
}
