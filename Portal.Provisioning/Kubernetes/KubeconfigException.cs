namespace Portal.Provisioning.Kubernetes;

/// <summary>A cluster configuration that cannot be used; the message is one line that names the file and what is wrong with it.</summary>
public sealed class KubeconfigException(string message, Exception? inner = null) : Exception(message, inner);
