namespace Portal.Core.Environments.Specs;

/// <summary>What day-2 operations have asked for beyond sizes: counters that only grow, and switches.</summary>
/// <remarks>
/// Part of the spec, so that an operation is a change like any other: it has a plan, passes the same gate, and the reconciler brings it
/// about from any point. A counter says "once more" in a way that can be looked at again and again.
/// </remarks>
public sealed record DayTwoSpec
{
    /// <summary>At rest: nothing runs, volumes stay.</summary>
    public bool Paused { get; init; }

    /// <summary>How often each component was restarted by hand.</summary>
    public RestartCounts Restarts { get; init; } = new();

    /// <summary>How often the edges' cache was emptied.</summary>
    public int CachePurges { get; init; }

    /// <summary>Edge locations that are out of service: no pods, and a Service that sends nobody anywhere. One that is no location any more says nothing.</summary>
    public IReadOnlyList<string> DrainedLocations { get; init; } = [];

    /// <summary>Which MySQL server takes the writes, by its number: 0 up to the number of read replicas.</summary>
    public int MySqlPrimary { get; init; }

    public CredentialVersion MySqlCredential { get; init; } = new(1);

    public CredentialVersion RedisCredential { get; init; } = new(1);

    public CredentialVersion PubSubCredential { get; init; } = new(1);

    /// <summary>Which edition of its certificate the load balancer has; while the one before is kept it still shows that one, and the edges trust both.</summary>
    public CredentialVersion LoadBalancerCertificate { get; init; } = new(1);

    /// <summary>How often the edges' certificate was made anew.</summary>
    public int EdgeCertificates { get; init; }

    /// <summary>How many backups were asked for beside the nightly ones.</summary>
    public int Backups { get; init; }

    /// <summary>The last of those backups is still to be made.</summary>
    public bool IsBackingUp { get; init; }

    public RestoreSpec Restore { get; init; } = new(0, null);
}

/// <summary>Which edition of a credential is in use: of the application's password, or of a certificate.</summary>
/// <param name="Version">Grows by one with each rotation.</param>
/// <param name="KeepsPrevious">The one before is accepted too, until everything that uses it has changed over.</param>
public sealed record CredentialVersion(int Version, bool KeepsPrevious = false);

/// <summary>The last restore that was asked for.</summary>
/// <param name="Number">Grows by one with each restore; 0 when there was none.</param>
/// <param name="Backup">File name of the backup; null takes the newest.</param>
/// <param name="IsOpen">It is still to be made; afterwards nothing of it is rendered, so that it can never happen twice.</param>
/// <param name="From">The environment whose backup it is, taken from the object store; null for its own.</param>
public sealed record RestoreSpec(int Number, string? Backup, bool IsOpen = false, BackupOwner? From = null);

/// <summary>An environment whose backups are in the object store: all that it takes to find them there, also when the environment is gone.</summary>
/// <param name="Environment">Its id: a namespace alone may have been another environment's before.</param>
public sealed record BackupOwner(string Namespace, string Environment);
