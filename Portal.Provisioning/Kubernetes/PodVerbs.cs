using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Kubernetes;

/// <summary>What only pods have: logs, and an eviction that asks before it deletes.</summary>
public static class PodVerbs
{
    private const int LongestLogLine = 64 * 1024;

    /// <summary>Lines of a container's log, oldest first. A very long line comes in pieces.</summary>
    public static async IAsyncEnumerable<string> LogsAsync(
        this KubeClient client, string ns, string pod, LogQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        var limit = client.Connection.Options.ReadTimeout;
        var reference = new ObjectRef("v1", "Pod", ns, pod);
        var text = new QueryText().Add("container", query.Container).Add("follow", query.Follow).Add("previous", query.Previous)
            .Add("timestamps", query.Timestamps).Add("tailLines", query.TailLines)
            .Add("sinceSeconds", query.Since is { } since ? Math.Max(1, (int)Math.Ceiling(since.TotalSeconds)) : null);
        var path = (await client.Discovery.FindAsync("v1", "Pod", ct)).ObjectPath(reference) + "/log" + text;
        var call = new KubeCall(HttpMethod.Get, "read the log of", reference.ToString(), path, limit) { Object = reference, Accept = "*/*" };

        // A program that writes nothing for an hour is no fault, so only a log that is read to its end has the watchdog.
        await foreach (var line in KubeStream.LinesAsync(client.Transport, call, query.Follow ? null : limit, LongestLogLine, null, client.Time, ct))
        {
            yield return Encoding.UTF8.GetString(line).TrimEnd('\r');
        }
    }

    /// <summary>Asks for a pod to go in a way that respects its PodDisruptionBudget; it may stay for a while, terminating.</summary>
    /// <returns>False when it was gone already.</returns>
    /// <exception cref="KubeException">DisruptionBudget: not now, and the message says which budget and what it needs. Conflict: another UID.</exception>
    public static async Task<bool> EvictAsync(this KubeClient client, string ns, string pod, DeleteOptions options, CancellationToken ct)
    {
        var reference = new ObjectRef("v1", "Pod", ns, pod);
        var path = (await client.Discovery.FindAsync("v1", "Pod", ct)).ObjectPath(reference) + "/eviction";
        var body = new JsonObject
        {
            ["apiVersion"] = "policy/v1",
            ["kind"] = "Eviction",
            ["metadata"] = new JsonObject { ["name"] = pod, ["namespace"] = ns },
            ["deleteOptions"] = DeleteBody.Of(options),
        };
        var call = new KubeCall(HttpMethod.Post, "evict", reference.ToString(), path, client.Connection.Options.WriteTimeout) { Object = reference, Body = body };
        try
        {
            await client.Transport.SendAsync(call, KubeJson.ReadAsync, ct);
            return true;
        }
        catch (KubeException e) when (e.Fault == KubeFault.NotFound)
        {
            return false;
        }
    }
}
