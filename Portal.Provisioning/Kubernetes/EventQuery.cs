namespace Portal.Provisioning.Kubernetes;

/// <summary>Makes queries for what a cluster said about objects: its events, to be listed or watched.</summary>
public static class EventQuery
{
    /// <summary>Everything that was said in a namespace.</summary>
    public static ListQuery In(string ns) => new("v1", "Event", ns);

    /// <summary>What was said about one object.</summary>
    /// <param name="uid">Leaves out what was said about an earlier object of the same name; null takes both.</param>
    public static ListQuery About(ObjectRef reference, string? uid)
    {
        // Events about what lives outside of namespaces are kept in "default".
        var selector = $"involvedObject.kind={reference.Kind},involvedObject.name={reference.Name}";
        return new("v1", "Event", reference.Namespace ?? "default", FieldSelector: uid is null ? selector : $"{selector},involvedObject.uid={uid}");
    }
}
