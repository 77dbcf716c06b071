namespace Portal.Provisioning.Kubernetes;

/// <summary>One line of a watch. A bookmark carries only a resource version to resume from.</summary>
public sealed record WatchEvent(WatchEventType Type, KubeObject Object);

/// <summary>What a watch says about an object.</summary>
public enum WatchEventType
{
    Added,
    Modified,
    Deleted,
    Bookmark,
}
