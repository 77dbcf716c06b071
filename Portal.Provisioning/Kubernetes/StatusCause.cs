namespace Portal.Provisioning.Kubernetes;

/// <summary>One complaint of a refused request: the machine reason, the words, and the field it is about.</summary>
public sealed record StatusCause(string Reason, string Message, string Field);
