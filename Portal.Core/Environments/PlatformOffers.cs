namespace Portal.Core.Environments;

/// <summary>What the platform's owners have set up for all environments, as far as the domain has to know.</summary>
/// <param name="ObjectStore">Backups are copied to an object store, from which other environments can restore them.</param>
public sealed record PlatformOffers(bool ObjectStore);
