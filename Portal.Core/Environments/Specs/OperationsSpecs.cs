namespace Portal.Core.Environments.Specs;

/// <summary>Prometheus, and Grafana with the environment's dashboards.</summary>
public sealed record MetricsSpec(int RetentionDays, int StorageGiB, bool Grafana);

/// <summary>Loki and a collector that reads logs through the API server, without node access.</summary>
public sealed record LogsSpec(int RetentionDays, int StorageGiB);

/// <summary>Alertmanager, alert rules and who hears of them.</summary>
/// <param name="ErrorRatePercent">Share of failed requests, in percent over five minutes, that raises an alert.</param>
/// <param name="NotifyEmail">Address that receives alerts; null keeps them in the portal.</param>
public sealed record AlertingSpec(int Replicas, double ErrorRatePercent, string? NotifyEmail);

/// <summary>Keeps the environment clean: finished pods, and headroom for the node autoscaler.</summary>
/// <param name="FinishedPodsHours">Hours that a finished or failed pod is kept.</param>
/// <param name="HeadroomPods">Low-priority placeholder pods that keep room for the next scale-out; 0 for none.</param>
public sealed record HousekeepingSpec(int FinishedPodsHours, int HeadroomPods);
