using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Monitoring.Metrics;

/// <summary>kube-state-metrics of the environment's own: what the cluster says of its objects, as metrics.</summary>
/// <remarks>Limited to the namespace, so that a Role is enough, and to what the rules and dashboards ask for.</remarks>
internal static class StateMetrics
{
    private const string Port = "state-metrics";

    private static readonly string[] s_metrics =
    [
        "kube_pod_container_status_restarts_total", "kube_pod_container_status_waiting_reason",
        "kube_deployment_spec_replicas", "kube_deployment_status_replicas_available", "kube_statefulset_replicas", "kube_statefulset_status_replicas_ready",
        "kube_horizontalpodautoscaler_status_current_replicas", "kube_horizontalpodautoscaler_spec_max_replicas",
        "kube_persistentvolumeclaim_status_phase", "kube_job_failed",
        "kube_cronjob_created", "kube_cronjob_spec_suspend", "kube_cronjob_status_last_successful_time",
    ];

    public static void Add(StackContext stack)
    {
        var workload = new Workload(stack, Component.Metrics, "kube-state-metrics", Names.StateMetrics, Roles.StateMetrics) { Account = Names.StateMetrics };
        AccessRoles.Add(workload,
            ("", ["pods", "persistentvolumeclaims"], ["list", "watch"]),
            ("apps", ["deployments", "statefulsets"], ["list", "watch"]),
            ("autoscaling", ["horizontalpodautoscalers"], ["list", "watch"]),
            ("batch", ["jobs", "cronjobs"], ["list", "watch"]));
        var container = new ContainerPlan("kube-state-metrics", Images.StateMetrics, new PodSize(10, 96))
        {
            Args =
            [
                $"--port={Ports.StateMetrics}",
                $"--namespaces={stack.Identity.Namespace}",
                "--resources=pods,persistentvolumeclaims,deployments,statefulsets,horizontalpodautoscalers,jobs,cronjobs",
                $"--metric-allowlist={string.Join(',', s_metrics)}",
            ],
            Ports = [(Port, Ports.StateMetrics)],
            DiskMiB = 32,
            // Of itself alone: while the API server is away, starting it anew would not help.
            Live = Probes.Http("/healthz", Port, period: 15, failures: 6),
            Ready = Probes.Http("/healthz", Port, period: 5, failures: 3),
        };
        Deployments.Add(workload, new Scale(1, 1), new PodPlan(Users.Nobody, [container]) { UsesApi = true, SafeToEvict = true });
        ServiceObjects.Add(workload, Names.StateMetrics, Ports.StateMetrics, Port);
    }
}
