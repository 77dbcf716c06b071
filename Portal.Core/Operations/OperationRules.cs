using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Operations.Restoring;
using Portal.Core.Results;

namespace Portal.Core.Operations;

/// <summary>What each operation makes of a spec, or why it cannot be done now. Pure; limits of values are the spec's own rules.</summary>
public static class OperationRules
{
    /// <param name="source">The environment whose backup is restored, for a restore that names one.</param>
    public static Result<EnvironmentSpec> Apply(Operation operation, EnvironmentSpec spec, AppEnvironment? source = null)
    {
        if (spec.DayTwo.Paused && operation is not Operation.Wake)
        {
            return OperationErrors.NotNow("It is paused. Wake it first.");
        }

        if (spec.MySql.IsExternal() && IsOfMySql(operation))
        {
            return OperationErrors.NotNow(ExternalMySqlRules.Elsewhere(spec.MySql));
        }

        return operation switch
        {
            Operation.Scale scale => Scale(scale, spec),
            Operation.AddReadReplica => spec with { MySql = spec.MySql with { ReadReplicas = spec.MySql.ReadReplicas + 1 } },
            Operation.RemoveReadReplica => RemoveReadReplica(spec),
            Operation.Promote promote => Promote(promote.Server, spec),
            Operation.ResizeVolume resize => Resize(resize, spec),
            Operation.AddPartitions add => Kafka(spec, pubSub => pubSub with { Partitions = add.Partitions }),
            Operation.AddBrokers add => Kafka(spec, pubSub => pubSub with { Brokers = add.Brokers }),
            Operation.AddShards add => spec with { Redis = spec.Redis with { Shards = add.Shards } },
            Operation.PurgeCache => spec with { DayTwo = spec.DayTwo with { CachePurges = spec.DayTwo.CachePurges + 1 } },
            Operation.ScaleEdges scale => spec with { Edge = spec.Edge with { PodsPerLocation = scale.Pods } },
            Operation.DrainLocation drain => EdgeOperations.Drain(drain.Location, spec),
            Operation.TakeBackLocation back => EdgeOperations.TakeBack(back.Location, spec),
            Operation.RotateCredential rotate => Rotate(rotate.Component, spec),
            Operation.BackUp => BackUp(spec),
            Operation.Restore restore => Restore(restore, spec, source),
            Operation.Pause => spec.DayTwo is { IsBackingUp: true } or { Restore.IsOpen: true }
                ? OperationErrors.NotNow("A backup is being written or restored. Pause when that is done.")
                : spec with { DayTwo = spec.DayTwo with { Paused = true } },
            Operation.Wake => spec.DayTwo.Paused
                ? spec with { DayTwo = spec.DayTwo with { Paused = false } }
                : OperationErrors.NotNow("It is awake; there is nothing to wake."),
            Operation.Restart restart => spec with { DayTwo = spec.DayTwo with { Restarts = spec.DayTwo.Restarts.Again(restart.Component) } },
            Operation.StartCanary start => CanaryOperations.Start(start, spec),
            Operation.PromoteCanary promote => CanaryOperations.Promote(promote.Component, spec),
            Operation.EndCanary end => CanaryOperations.End(end.Component, spec),
            Operation.UpgradeImage upgrade => ServiceSpecs.With(spec, upgrade.Component, service => service with { Image = upgrade.Image }),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Unknown operation."),
        };
    }

    private static bool IsOfMySql(Operation operation) => operation is Operation.BackUp or Operation.Restore or Operation.AddReadReplica or Operation.RemoveReadReplica or Operation.Promote
        or Operation.ResizeVolume { Component: Component.MySql } or Operation.RotateCredential { Component: Component.MySql } or Operation.Restart { Component: Component.MySql };

    private static EnvironmentSpec Scale(Operation.Scale scale, EnvironmentSpec spec) => scale.Component switch
    {
        Component.LoadBalancer => spec with { LoadBalancer = spec.LoadBalancer with { Scale = spec.LoadBalancer.Scale with { Min = scale.Min, Max = scale.Max } } },
        Component.Ingress => spec with { Ingress = spec.Ingress with { Scale = spec.Ingress.Scale with { Min = scale.Min, Max = scale.Max } } },
        var component => ServiceSpecs.With(spec, component, service => service with { Scale = service.Scale with { Min = scale.Min, Max = scale.Max } }),
    };

    private static Result<EnvironmentSpec> RemoveReadReplica(EnvironmentSpec spec) => spec.MySql.ReadReplicas switch
    {
        0 => OperationErrors.NotNow("MySQL has no read replica."),
        // The highest number goes, and with it the server that has it.
        var last when last == spec.DayTwo.MySqlPrimary => OperationErrors.NotNow($"Server mysql-{last} takes the writes. Promote another one first; the one with the highest number is removed."),
        var last => spec with { MySql = spec.MySql with { ReadReplicas = last - 1 } },
    };

    private static Result<EnvironmentSpec> Promote(int server, EnvironmentSpec spec)
    {
        if (spec.MySql.ReadReplicas == 0)
        {
            return OperationErrors.NotNow("MySQL has no read replica that could take over. Add one first.");
        }

        return server == spec.DayTwo.MySqlPrimary
            ? OperationErrors.NotNow($"Server mysql-{server} takes the writes already.")
            : spec with { DayTwo = spec.DayTwo with { MySqlPrimary = server } };
    }

    private static Result<EnvironmentSpec> Resize(Operation.ResizeVolume resize, EnvironmentSpec spec) => resize.Component switch
    {
        Component.MySql => spec with { MySql = spec.MySql with { StorageGiB = resize.StorageGiB } },
        Component.PubSub => Kafka(spec, pubSub => pubSub with { StorageGiB = resize.StorageGiB }),
        Component.Metrics => spec.Metrics.Provider == MetricsProvider.Datadog
            ? OperationErrors.NotNow("Metrics are kept by Datadog; there is no volume here.")
            : spec with { Metrics = spec.Metrics with { StorageGiB = resize.StorageGiB } },
        Component.Logs => spec.Logs.Provider == LogsProvider.Elasticsearch
            ? OperationErrors.NotNow("Logs are kept by an Elasticsearch elsewhere; there is no volume here.")
            : spec with { Logs = spec.Logs with { StorageGiB = resize.StorageGiB } },
        _ => throw new ArgumentOutOfRangeException(nameof(resize), resize.Component, "It has no volume of its own."),
    };

    private static Result<EnvironmentSpec> Kafka(EnvironmentSpec spec, Func<PubSubSpec, PubSubSpec> change) => spec.PubSub.Provider == PubSubProvider.Kafka
        ? spec with { PubSub = change(spec.PubSub) }
        : OperationErrors.NotNow("Pub/Sub is Google's; what it runs on is not managed here.");

    private static Result<EnvironmentSpec> Rotate(Component component, EnvironmentSpec spec)
    {
        var dayTwo = spec.DayTwo;
        return component switch
        {
            Component.Edge when spec.Edge.Certificate.Source == CertificateSource.CertManager => OperationErrors.NotNow("The edges show a certificate that cert-manager issues and renews by itself; it is not made here. Ask cert-manager for a new one (cmctl renew), and the edges take it over."),
            Component.Edge when spec.Edge.Certificate.Source == CertificateSource.Provided => OperationErrors.NotNow($"The edges show the certificate in the Secret {spec.Edge.Certificate.SecretName}, which is not made here. Put a new pair of certificate and key into that Secret, and the edges take it over."),
            // Who connects to an edge asks for its certificate each time, so that the new one needs no time beside the old one.
            Component.Edge => spec with { DayTwo = dayTwo with { EdgeCertificates = dayTwo.EdgeCertificates + 1 } },
            Component.LoadBalancer => Next(dayTwo.LoadBalancerCertificate, next => dayTwo with { LoadBalancerCertificate = next }),
            Component.MySql => Next(dayTwo.MySqlCredential, next => dayTwo with { MySqlCredential = next }),
            Component.Redis => Next(dayTwo.RedisCredential, next => dayTwo with { RedisCredential = next }),
            Component.PubSub when spec.PubSub.Provider != PubSubProvider.Kafka => OperationErrors.NotNow("Google's credential is not made here. Put the new key into the Secret google-pubsub and restart the services."),
            Component.PubSub => Next(dayTwo.PubSubCredential, next => dayTwo with { PubSubCredential = next }),
            _ => throw new ArgumentOutOfRangeException(nameof(component), component, "It has no credential that can be rotated."),
        };

        Result<EnvironmentSpec> Next(CredentialVersion current, Func<CredentialVersion, DayTwoSpec> put) => current.KeepsPrevious
            ? OperationErrors.NotNow($"The last rotation of {component.Title()} is still under way.")
            : spec with { DayTwo = put(new(current.Version + 1, KeepsPrevious: true)) };
    }

    private static Result<EnvironmentSpec> BackUp(EnvironmentSpec spec) => spec.DayTwo.IsBackingUp
        ? OperationErrors.NotNow("A backup is being written.")
        : spec with { DayTwo = spec.DayTwo with { Backups = spec.DayTwo.Backups + 1, IsBackingUp = true } };

    private static Result<EnvironmentSpec> Restore(Operation.Restore restore, EnvironmentSpec spec, AppEnvironment? source)
    {
        if (restore.From != source?.Id)
        {
            throw new ArgumentException("A restore is made with the environment that it names.", nameof(source));
        }

        return spec.DayTwo.Restore.IsOpen
            ? OperationErrors.NotNow("A backup is being restored.")
            : spec with { DayTwo = spec.DayTwo with { Restore = new(spec.DayTwo.Restore.Number + 1, restore.Backup, IsOpen: true, source is null ? null : RestoreSources.OwnerOf(source)) } };
    }
}
