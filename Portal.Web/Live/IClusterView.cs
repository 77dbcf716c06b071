using Portal.Core.Environments;
using Portal.Provisioning.Watching;

namespace Portal.Web.Live;

/// <summary>What is live of an environment on its cluster. Callers pass an environment that a query has shown them, so access is decided.</summary>
public interface IClusterView
{
    /// <summary>Why the view may be old, in a sentence; null while it is live.</summary>
    string? Trouble(AppEnvironment environment);

    IReadOnlyList<PodRow> Pods(AppEnvironment environment);

    IReadOnlyList<EventRow> Events(AppEnvironment environment);

    /// <summary>Calls back when pods or events of the environment change. The callback must only note the hint.</summary>
    IDisposable Listen(AppEnvironment environment, Action hint);
}
