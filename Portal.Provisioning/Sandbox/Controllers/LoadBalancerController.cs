using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Gives services of type LoadBalancer an address from a range reserved for documentation (RFC 5737), so that nobody takes it for a real one.</summary>
internal sealed class LoadBalancerController(ControlContext cluster) : Controller(cluster)
{
    private int _last;

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.Service];

    public override void Observe(Change change)
    {
        if (!change.Removed)
        {
            // Addresses of an earlier run are not given out again.
            if (change.Before is null && change.Now.View.Items("status", "loadBalancer", "ingress").FirstOrDefault()?.Text("ip") is { } taken)
            {
                _last = Math.Max(_last, int.Parse(taken.AsSpan(taken.LastIndexOf('.') + 1), CultureInfo.InvariantCulture));
            }

            Look(change.Key);
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } service)
        {
            return;
        }

        var wanted = service.View.Text("spec", "type") == "LoadBalancer";
        var has = service.View.At("status", "loadBalancer", "ingress") is not null;
        if (wanted == has)
        {
            return;
        }

        Cluster.Status.Modify(key, status =>
        {
            var balancer = new JsonObject();
            if (wanted)
            {
                var address = string.Create(CultureInfo.InvariantCulture, $"203.0.113.{1 + (_last++ % 254)}");
                balancer["ingress"] = new JsonArray(new JsonObject { ["ip"] = address, ["ipMode"] = "VIP" });
            }

            status["loadBalancer"] = balancer;
            return true;
        });
        if (wanted)
        {
            Cluster.Events.Normal(service, "service-controller", "EnsuredLoadBalancer", "Ensured load balancer");
        }
    }
}
