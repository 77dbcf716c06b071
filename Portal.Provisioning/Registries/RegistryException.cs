namespace Portal.Provisioning.Registries;

/// <summary>A registry does not say which digest a tag has; the message says why, in a sentence.</summary>
public sealed class RegistryException : Exception
{
    public RegistryException()
        : this("The registry does not say which digest the tag has.")
    {
    }

    public RegistryException(string message)
        : base(message)
    {
    }

    public RegistryException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
