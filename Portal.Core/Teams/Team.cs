using Portal.Core.Access;

namespace Portal.Core.Teams;

/// <summary>An app team. Environments belong to one.</summary>
/// <param name="Slug">DNS label of at most 20 characters; the first part of the namespaces of its environments.</param>
public sealed record Team(string Slug, string Name);

/// <summary>A person or machine that signs in.</summary>
public sealed record User(string Id, string DisplayName, PlatformRole PlatformRole);

public sealed record Membership(string TeamSlug, string UserId, TeamRole Role);
