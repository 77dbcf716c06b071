using Portal.Core.Environments;
using Portal.Core.Rollouts;

namespace Portal.Core.Persistence;

/// <summary>The inventory of one environment, replaced whole.</summary>
internal sealed class InventoryRow
{
    public EnvironmentId EnvironmentId { get; init; }

    public IReadOnlyList<InventoryEntry> Entries { get; set; } = [];
}

/// <summary>A host name that an environment answers for, so that it is found without reading specs.</summary>
internal sealed class HostNameRow
{
    public EnvironmentId EnvironmentId { get; init; }

    public string Cluster { get; init; } = "";

    public string Host { get; init; } = "";

    /// <summary>False while the environment's first request is open. Of approved ones only one can have a name on a cluster.</summary>
    public bool Approved { get; set; }
}

/// <summary>Who works on an environment. The row stays when released, so that the token only grows.</summary>
internal sealed class LeaseRow
{
    public EnvironmentId EnvironmentId { get; init; }

    public string Holder { get; init; } = "";

    public long Token { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A key that signs cookies, so that a restart or a second replica keeps people signed in.</summary>
internal sealed class DataProtectionKeyRow
{
    public int Id { get; init; }

    public string FriendlyName { get; init; } = "";

    public string Xml { get; init; } = "";
}
