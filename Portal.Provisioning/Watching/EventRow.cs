using Portal.Core.Feeds;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Watching;

/// <summary>Something that the cluster said about an object in a namespace of ours.</summary>
/// <param name="Time">When it was last said.</param>
/// <param name="Type">Normal or Warning.</param>
/// <param name="Object">What it is about, as Kind/name.</param>
/// <param name="Count">How often it was said.</param>
public sealed record EventRow(
    ObjectRef Key, DateTimeOffset Time, string Type, string Reason, string Object, string Message, int Count, long Version) : IFeedRow<ObjectRef>
{
    public string Scope => Key.Namespace ?? "";

    public string Namespace => Scope;

    public bool IsWarning => Type == "Warning";
}
