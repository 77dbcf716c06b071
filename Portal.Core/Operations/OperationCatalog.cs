using System.Globalization;
using System.Text.Json;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Operations.Restoring;

namespace Portal.Core.Operations;

/// <summary>All that can be done to an environment, and why some of it cannot be done now. Pure.</summary>
public static class OperationCatalog
{
    public static IReadOnlyList<OperationOffer> For(AppEnvironment environment)
    {
        var obstacle = environment.CheckAlive()?.Message ?? (environment.Generation == 0 ? OperationErrors.NotProvisioned(environment.Name).Message : null);
        return [.. Samples(environment.Spec).Select(sample => Offer(sample, environment.Spec, obstacle))];
    }

    /// <summary>Stands for the image of a canary that is not named yet: its own is refused, and people name theirs.</summary>
    private const string AnotherImage = "another.invalid/image:1";

    private static IEnumerable<Sample> Samples(EnvironmentSpec spec) =>
        [.. Whole(spec), .. Entry(spec), .. Services(spec), .. MySql(spec), .. Redis(spec), .. PubSub(spec), .. Monitoring(spec)];

    private static Sample[] Whole(EnvironmentSpec spec) =>
    [
        spec.DayTwo.Paused
            ? new(new Operation.Wake(), Component.Base, "Everything starts again, data first, and is checked on the way.", [])
            : new(new Operation.Pause(), Component.Base, "Everything stops, from the edge inwards; volumes and addresses stay. It can be woken at any time.", []),
    ];

    private static IEnumerable<Sample> Entry(EnvironmentSpec spec)
    {
        yield return new(new Operation.PurgeCache(), Component.Edge, "Edges forget what they keep, one pod after the other; the next answers come from the services.", []);
        var pods = spec.Edge.PodsPerLocation;
        yield return new(new Operation.ScaleEdges(pods), Component.Edge, "Pods are added or taken away in every location; a new one begins with an empty cache.", [new("pods", "Pods per location", Text(pods))]);
        var drain = spec.LocationsInService()[0];
        yield return new(new Operation.DrainLocation(drain), Component.Edge, "Nobody new is sent there, its pods finish what they have and end. Its address stays: take it out of your DNS first.",
            [new("location", "Location", drain, IsNumber: false)]);
        var back = spec.DayTwo.DrainedLocations is [var first, ..] ? first : drain;
        yield return new(new Operation.TakeBackLocation(back), Component.Edge, "Its pods start again, with an empty cache, and answer at the same address as before.",
            [new("location", "Location", back, IsNumber: false)]);
        yield return new(new Operation.RotateCredential(Component.Edge), Component.Edge, "Edges change over to a new certificate that the portal makes, one pod after the other. It takes the place of one of your own, too.", []);
        yield return Restart(Component.Edge);
        yield return Scale(Component.LoadBalancer, spec.LoadBalancer.Scale);
        yield return new(new Operation.RotateCredential(Component.LoadBalancer), Component.LoadBalancer, "A new certificate is made; the edges trust both before the load balancer changes over, then the old one is withdrawn.", []);
        yield return Restart(Component.LoadBalancer);
        if (spec.Ingress.Mode == IngressMode.Dedicated)
        {
            yield return Scale(Component.Ingress, spec.Ingress.Scale);
            yield return Restart(Component.Ingress);
        }
    }

    private static IEnumerable<Sample> Services(EnvironmentSpec spec) => ServiceSpecs.Components.SelectMany(component =>
    {
        var service = ServiceSpecs.Of(spec, component);
        return (Sample[])
        [
            new(new Operation.UpgradeImage(component, service.Image), component, "New pods take over one after the other; when they fail, the old ones stay and the environment returns to what ran before.",
                [new("image", "Image", service.Image, IsNumber: false)]),
            .. CanaryOperations.Components.Contains(component) ? Canary(component, service) : [],
            Scale(component, service.Scale),
            Restart(component),
        ];
    });

    private static Sample[] Canary(Component component, ServiceSpec service) =>
    [
        new(new Operation.StartCanary(component, AnotherImage, 10, 1), component, "A new image runs beside the present one and gets a share of the requests, and those with the header X-Canary: always. When its pods fail, it goes again.",
            [new("image", "Image", service.Image, IsNumber: false), new("weightPercent", "Share of the requests, percent; 0 for the header alone", "10"), new("pods", "Pods of the canary", "1")]),
        new(new Operation.PromoteCanary(component), component, "Everybody gets the image of the canary. The canary answers until the new pods are healthy, then it goes.", []),
        new(new Operation.EndCanary(component), component, "All requests go to the present image again, then the canary goes.", []),
    ];

    private static IEnumerable<Sample> MySql(EnvironmentSpec spec)
    {
        yield return new(new Operation.BackUp(), Component.MySql, "A backup is written beside the nightly ones.", []);
        yield return new(new Operation.Restore(null), Component.MySql, "The database is replaced by what the backup holds. What was written since is lost.", [
            new(RestoreSources.Value, "Backup of", "", IsNumber: false, IsOptional: true, IsEnvironment: true), new("backup", "Backup file; empty for the newest", "", IsNumber: false, IsOptional: true),
        ]);
        yield return new(new Operation.AddReadReplica(), Component.MySql, "One more server follows the primary and answers reads.", []);
        yield return new(new Operation.RemoveReadReplica(), Component.MySql, "The server with the highest number goes; its volume stays.", []);
        var other = spec.DayTwo.MySqlPrimary == 0 ? 1 : 0;
        yield return new(new Operation.Promote(other), Component.MySql, "Writes stop for some seconds, until the chosen server has everything and takes them.", [new("server", "Server number", Text(other))]);
        yield return Resize(Component.MySql, spec.MySql.StorageGiB);
        yield return Rotate(Component.MySql);
        yield return Restart(Component.MySql);
    }

    private static IEnumerable<Sample> Redis(EnvironmentSpec spec)
    {
        var shards = NextOfMany(spec.Redis.Shards);
        yield return new(new Operation.AddShards(shards), Component.Redis, "New shards join the cluster and take over their share of the keys.", [new("shards", "Shards", Text(shards))]);
        yield return Rotate(Component.Redis);
        yield return Restart(Component.Redis);
    }

    private static IEnumerable<Sample> PubSub(EnvironmentSpec spec)
    {
        var partitions = spec.PubSub.Partitions + 1;
        yield return new(new Operation.AddPartitions(partitions), Component.PubSub, "Messages of one key may go to another partition than before.", [new("partitions", "Partitions of each topic", Text(partitions))]);
        var brokers = NextOfMany(spec.PubSub.Brokers);
        yield return new(new Operation.AddBrokers(brokers), Component.PubSub, "New brokers join, and partitions are moved to them.", [new("brokers", "Brokers", Text(brokers))]);
        yield return Resize(Component.PubSub, spec.PubSub.StorageGiB);
        yield return Rotate(Component.PubSub);
        yield return Restart(Component.PubSub);
    }

    private static IEnumerable<Sample> Monitoring(EnvironmentSpec spec) =>
    [
        Resize(Component.Metrics, spec.Metrics.StorageGiB), Restart(Component.Metrics),
        Resize(Component.Logs, spec.Logs.StorageGiB), Restart(Component.Logs), Restart(Component.Alerting),
    ];

    private static Sample Scale(Component component, Scale scale) => new(
        new Operation.Scale(component, scale.Min, scale.Max), component, "Pods are added or taken away; between the two numbers the autoscaler decides.",
        [new("min", "At least", Text(scale.Min)), new("max", "At most", Text(scale.Max))]);

    private static Sample Restart(Component component) =>
        new(new Operation.Restart(component), component, component is Component.MySql or Component.Redis or Component.PubSub
            ? "Its pods are replaced one after the other. The next one goes when the last one has caught up; writes pause for moments: choose a quiet hour."
            : "Its pods are replaced one after the other, without interruption where there is more than one.", []);

    private static Sample Resize(Component component, int present) => new(
        new Operation.ResizeVolume(component, present + 1), component, "Volumes grow while they are used, where the storage class allows it. They never shrink.", [new("storageGiB", "Size of each, GiB", Text(present * 2))]);

    private static Sample Rotate(Component component) => new(
        new Operation.RotateCredential(component), component, "A new password is made; both are good until every service has changed over, then the old one is withdrawn.", []);

    private static OperationOffer Offer(Sample sample, EnvironmentSpec spec, string? obstacle)
    {
        var kind = JsonNamingPolicy.CamelCase.ConvertName(sample.Operation.GetType().Name);
        Component? component = OperationReader.ComponentsOf(kind).Count > 0 ? sample.About : null;
        return new(
            kind, sample.About, component, OperationText.Name(sample.Operation), sample.Effect, sample.Values, OperationText.ReplacesData(sample.Operation),
            OperationPolicy.Evaluate(sample.Operation, spec).RequiredApprovals > 0, obstacle ?? WhyNot(sample.Operation, spec));
    }

    /// <summary>What refuses the operation with its proposal; values that a person chooses are judged when they are chosen.</summary>
    private static string? WhyNot(Operation operation, EnvironmentSpec spec)
    {
        var wanted = OperationRules.Apply(operation, spec);
        var errors = wanted.IsSuccess ? SpecValidator.Validate(wanted.Value, spec) : wanted.Errors;
        return errors.Count > 0 ? errors[0].Message : null;
    }

    /// <summary>One more; two cannot outvote a failure, so one becomes three.</summary>
    private static int NextOfMany(int present) => present == 1 ? 3 : present + 1;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Sample(Operation Operation, Component About, string Effect, IReadOnlyList<OperationValue> Values);
}
