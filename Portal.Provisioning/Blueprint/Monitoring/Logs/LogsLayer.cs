using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Monitoring.Logs;

/// <summary>A collector that reads the pods' logs through the API server, without host path or node agent, and where they are kept.</summary>
internal static class LogsLayer
{
    public static void Render(StackContext stack)
    {
        LogCollector.Add(stack);
        if (stack.Spec.Logs.Provider == LogsProvider.Elasticsearch)
        {
            stack.Note("Log lines go to the Elasticsearch that the environment names: how long they are kept there is set there.");
            return;
        }

        LokiServer.Add(stack);
        if (stack.Spec.Logs.ArchiveDays > 0)
        {
            LogArchive.Add(stack);
        }
    }
}
