namespace Portal.Provisioning.Sandbox;

/// <summary>What a fault rule can know of a request.</summary>
/// <param name="Resumes">It goes on from a version or a continue token that the client was given earlier.</param>
internal readonly record struct RequestTarget(string Verb, string Kind, string? Namespace, string? Name, bool Resumes);
