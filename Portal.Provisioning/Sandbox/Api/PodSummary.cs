using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The one-word state of a pod as kubectl prints it.</summary>
internal static class PodSummary
{
    public static int Containers(JsonObject pod) => pod.Map("spec").Items("containers").Count();

    public static int ReadyContainers(JsonObject pod) => pod.Map("status").Items("containerStatuses").Count(status => status.Flag("ready"));

    public static long Restarts(JsonObject pod) => pod.Map("status").Items("containerStatuses").Sum(status => status.Number("restartCount") ?? 0);

    public static string Reason(JsonObject pod)
    {
        if (pod.Map("metadata")!["deletionTimestamp"] is not null)
        {
            return "Terminating";
        }

        var status = pod.Map("status") ?? [];
        var inits = status.Items("initContainerStatuses").ToList();
        var doneInits = inits.Count(init => init.Map("state", "terminated")?.Number("exitCode") == 0 || init.Flag("started"));
        if (doneInits < inits.Count && status.Text("phase") == "Pending" && inits.Any(init => init.Map("state", "running") is not null))
        {
            return $"Init:{doneInits}/{inits.Count}";
        }

        var waiting = status.Items("containerStatuses").Concat(inits)
            .Select(container => container.Map("state", "waiting")?.Text("reason"))
            .FirstOrDefault(reason => reason is not null and not "PodInitializing");
        return status.Text("phase") switch
        {
            "Succeeded" => "Completed",
            "Failed" => status.Text("reason") ?? "Error",
            var phase => waiting ?? phase ?? "Unknown",
        };
    }
}
