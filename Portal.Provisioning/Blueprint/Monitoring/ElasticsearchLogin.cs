using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Monitoring;

/// <summary>The login of an Elasticsearch that is somewhere else: a Secret that people put into the namespace when there is one.</summary>
/// <remarks>As variables, because neither Grafana nor fluent-bit starts when a file that it is told to read is not there.</remarks>
internal static class ElasticsearchLogin
{
    private const string Secret = "elasticsearch";

    public static IEnumerable<JsonObject> Variables(StackContext stack) => stack.Spec.Logs.Provider == LogsProvider.Elasticsearch
        ? [Env.Optional("ELASTICSEARCH_USERNAME", Secret, "username"), Env.Optional("ELASTICSEARCH_PASSWORD", Secret, "password")]
        : [];
}
