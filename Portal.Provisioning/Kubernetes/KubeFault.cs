namespace Portal.Provisioning.Kubernetes;

/// <summary>Why a call to a cluster failed, decided once, by <see cref="FaultClassifier"/>.</summary>
public enum KubeFault
{
    /// <summary>The object, or the namespace that it should go into, does not exist.</summary>
    NotFound,

    /// <summary>A create met an object of that name.</summary>
    AlreadyExists,

    /// <summary>The object changed, or its UID is another one, since it was read.</summary>
    Conflict,

    /// <summary>A server-side apply without force met fields that another manager owns.</summary>
    FieldManagerConflict,

    /// <summary>The server refused the content of the request.</summary>
    Invalid,

    /// <summary>Every complaint is about a field that cannot change after creation.</summary>
    Immutable,

    /// <summary>The identity of the portal lacks a right, or built-in admission (Pod Security, limits) refused the object.</summary>
    Forbidden,

    /// <summary>An admission webhook or an admission policy of the cluster looked at the object and refused it.</summary>
    WebhookDenied,

    /// <summary>A ResourceQuota of the namespace is used up.</summary>
    QuotaExceeded,

    /// <summary>The namespace is being deleted and takes nothing new.</summary>
    NamespaceTerminating,

    /// <summary>The server asked to slow down for longer than the client is willing to wait inside one call.</summary>
    Throttled,

    /// <summary>An eviction would leave fewer healthy pods than a PodDisruptionBudget asks for.</summary>
    DisruptionBudget,

    /// <summary>The server, or a webhook that it must ask, could not be reached, ended the connection or said that it is unavailable.</summary>
    Unavailable,

    /// <summary>No answer within the time that the verb may take.</summary>
    TimedOut,

    /// <summary>The credential was refused or could not be obtained.</summary>
    Unauthorized,

    /// <summary>The resource version or continue token is too old: list again.</summary>
    Gone,

    /// <summary>The cluster does not serve the kind or the verb.</summary>
    Unsupported,

    /// <summary>The server failed inside, or answered something that is not Kubernetes.</summary>
    ServerError,
}
