namespace Portal.Core.Environments.Specs;

/// <summary>Whose MySQL the services use.</summary>
public enum MySqlSource
{
    /// <summary>Servers of the environment's own.</summary>
    Dedicated,

    /// <summary>A database of somebody else, as a managed service: nothing runs here, the services get its address and the password that the team puts there.</summary>
    External,
}

/// <summary>Where a database of somebody else is, and who logs in. All but the defaults is set exactly when it is the source.</summary>
public sealed record ExternalMySqlSpec
{
    /// <summary>Host name or address of the server that takes the writes.</summary>
    public string? Host { get; init; }

    /// <summary>The same of the one that answers reads; null for the one that takes the writes.</summary>
    public string? ReadHost { get; init; }

    public int Port { get; init; } = 3306;

    public string? Database { get; init; }

    public string? User { get; init; }

    /// <summary>Name of the Secret that the team puts into the namespace, with the password as <c>password</c>.</summary>
    public string? SecretName { get; init; }

    /// <summary>The services are told to connect by TLS alone: what they send leaves the environment.</summary>
    public bool Tls { get; init; } = true;
}
