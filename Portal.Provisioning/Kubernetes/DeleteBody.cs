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
        if (Preconditions(options) is { Count: > 0 } preconditions)
        {
            body["preconditions"] = preconditions;
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

    private static JsonObject Preconditions(DeleteOptions options)
    {
        var preconditions = new JsonObject();
        if (options.Uid is not null)
        {
            preconditions["uid"] = options.Uid;
        }

        if (options.ResourceVersion is not null)
        {
            preconditions["resourceVersion"] = options.ResourceVersion;
        }

        return preconditions;
    }
}
