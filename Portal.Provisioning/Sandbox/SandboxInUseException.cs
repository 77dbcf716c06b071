namespace Portal.Provisioning.Sandbox;

/// <summary>The data directory of the sandbox cluster belongs to another running process.</summary>
public sealed class SandboxInUseException(string directory, Exception cause)
    : IOException($"The sandbox cluster in {directory} is in use by another process. Stop that one, or give this one a data directory of its own.", cause);
