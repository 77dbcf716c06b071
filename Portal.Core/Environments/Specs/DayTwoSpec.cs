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

    /// <summary>Which MySQL server takes the writes, by its number: 0 up to the number of read replicas.</summary>
    public int MySqlPrimary { get; init; }

    public CredentialVersion MySqlCredential { get; init; } = new(1);

    public CredentialVersion RedisCredential { get; init; } = new(1);

    public CredentialVersion PubSubCredential { get; init; } = new(1);

    /// <summary>How many backups were asked for beside the nightly ones.</summary>
    public int Backups { get; init; }

    public RestoreSpec Restore { get; init; } = new(0, null);
}

/// <summary>Which edition of the application's password is in use.</summary>
/// <param name="Version">Grows by one with each rotation.</param>
/// <param name="KeepsPrevious">The one before is accepted too, until everything that uses it has changed over.</param>
public sealed record CredentialVersion(int Version, bool KeepsPrevious = false);

/// <summary>The last restore that was asked for.</summary>
/// <param name="Number">Grows by one with each restore; 0 when there was none.</param>
/// <param name="Backup">File name of the backup; null takes the newest.</param>
public sealed record RestoreSpec(int Number, string? Backup);

/// <summary>How often each component was restarted by hand.</summary>
public sealed record RestartCounts
{
    public int Edge { get; init; }

    public int LoadBalancer { get; init; }

    public int Ingress { get; init; }

    public int Frontend { get; init; }

    public int Gateway { get; init; }

    public int Publish { get; init; }

    public int Consume { get; init; }

    public int MySql { get; init; }

    public int Redis { get; init; }

    public int PubSub { get; init; }

    public int Metrics { get; init; }

    public int Logs { get; init; }

    public int Alerting { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A component in which nothing runs.</exception>
    public int Of(Component component) => component switch
    {
        Component.Edge => Edge,
        Component.LoadBalancer => LoadBalancer,
        Component.Ingress => Ingress,
        Component.Frontend => Frontend,
        Component.Gateway => Gateway,
        Component.Publish => Publish,
        Component.Consume => Consume,
        Component.MySql => MySql,
        Component.Redis => Redis,
        Component.PubSub => PubSub,
        Component.Metrics => Metrics,
        Component.Logs => Logs,
        Component.Alerting => Alerting,
        _ => throw new ArgumentOutOfRangeException(nameof(component), component, "Nothing of it is restarted."),
    };

    /// <exception cref="ArgumentOutOfRangeException">A component in which nothing runs.</exception>
    public RestartCounts Again(Component component) => component switch
    {
        Component.Edge => this with { Edge = Edge + 1 },
        Component.LoadBalancer => this with { LoadBalancer = LoadBalancer + 1 },
        Component.Ingress => this with { Ingress = Ingress + 1 },
        Component.Frontend => this with { Frontend = Frontend + 1 },
        Component.Gateway => this with { Gateway = Gateway + 1 },
        Component.Publish => this with { Publish = Publish + 1 },
        Component.Consume => this with { Consume = Consume + 1 },
        Component.MySql => this with { MySql = MySql + 1 },
        Component.Redis => this with { Redis = Redis + 1 },
        Component.PubSub => this with { PubSub = PubSub + 1 },
        Component.Metrics => this with { Metrics = Metrics + 1 },
        Component.Logs => this with { Logs = Logs + 1 },
        Component.Alerting => this with { Alerting = Alerting + 1 },
        _ => throw new ArgumentOutOfRangeException(nameof(component), component, "Nothing of it is restarted."),
    };
}
