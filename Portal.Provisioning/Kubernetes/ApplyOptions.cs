namespace Portal.Provisioning.Kubernetes;

/// <summary>How a server-side apply is done.</summary>
public sealed record ApplyOptions
{
    /// <summary>The owner of the fields that are applied.</summary>
    public string FieldManager { get; init; } = "portal";

    /// <summary>Take fields that other managers own; without it they are a <see cref="KubeFault.FieldManagerConflict"/>.</summary>
    public bool Force { get; init; }

    /// <summary>Let the server default, validate and admit, and store nothing.</summary>
    public bool DryRun { get; init; }
}
