namespace Portal.Core.Environments.Specs;

/// <summary>Where the public certificate of the edges comes from. Its key never passes through the portal, unless the portal makes it.</summary>
public sealed record CertificateSpec
{
    public CertificateSource Source { get; init; } = CertificateSource.Generated;

    /// <summary>Name of the cert-manager issuer; set exactly when cert-manager is the source.</summary>
    public string? IssuerName { get; init; }

    public IssuerKind IssuerKind { get; init; } = IssuerKind.ClusterIssuer;

    /// <summary>Name of the Secret of type <c>kubernetes.io/tls</c> that the team puts into the namespace; set exactly when it is provided.</summary>
    public string? SecretName { get; init; }
}

/// <summary>Who makes the public certificate.</summary>
public enum CertificateSource
{
    /// <summary>The portal, with an authority of its own that no browser knows.</summary>
    Generated,

    /// <summary>cert-manager, where the cluster has it; else the portal.</summary>
    CertManager,

    /// <summary>The team, which puts it into the namespace itself.</summary>
    Provided,
}

/// <summary>The two kinds of cert-manager issuers.</summary>
public enum IssuerKind
{
    /// <summary>One for the whole cluster.</summary>
    ClusterIssuer,

    /// <summary>One in the environment's namespace.</summary>
    Issuer,
}
