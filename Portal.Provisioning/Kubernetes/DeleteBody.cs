using System.Text.Json.Nodes;

namespace Portal.Provisioning.Kubernetes;

/// <summary>The body of a delete request.</summary>
internal static class DeleteBody
{
    public static JsonObject Of(DeleteOptions options)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = options.Propagation.ToString(),
        };
        if (options.Uid is not null)
        {
            body["preconditions"] = new JsonObject { ["uid"] = options.Uid };
        }

        if (options.GracePeriod is { } grace)
        {
            body["gracePeriodSeconds"] = (int)grace.TotalSeconds;
        }

        if (options.DryRun)
        {
            body["dryRun"] = new JsonArray("All");
        }

        return body;
    }
}
