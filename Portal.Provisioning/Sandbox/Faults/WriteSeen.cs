namespace Portal.Provisioning.Sandbox;

/// <summary>One write request as an observer sees it.</summary>
/// <param name="Number">Counts the observed writes of this cluster from 1; the same at both stages.</param>
/// <param name="Verb">create, update, patch, delete or deletecollection.</param>
/// <param name="Name">For a create the one in its body; null when it has none.</param>
/// <param name="Status">The HTTP status of the answer; 0 while nothing is done.</param>
public sealed record WriteSeen(long Number, WriteStage Stage, string Verb, string Kind, string? Namespace, string? Name, string? Subresource, bool DryRun, int Status);
