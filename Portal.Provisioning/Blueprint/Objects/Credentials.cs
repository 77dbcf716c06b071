using Portal.Core.Environments;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Secrets: one for each credential, so that no value is ever needed in two of them. Whoever needs it mounts the same Secret.</summary>
internal static class Credentials
{
    public const string PasswordKey = "password";

    public static void AddPassword(StackContext stack, Component component, string name) =>
        Add(stack, component, name, new GeneratedValue.Password(PasswordKey));

    public static void AddClusterId(StackContext stack, Component component, string name) =>
        Add(stack, component, name, new GeneratedValue.KafkaClusterId(PasswordKey));

    /// <summary>A certificate for the names, with the authority that signed it as <c>ca.crt</c>.</summary>
    public static void AddCertificate(StackContext stack, Component component, string name, params IReadOnlyList<string> dnsNames) =>
        Add(stack, component, name, new GeneratedValue.Certificate(dnsNames));

    private static void Add(StackContext stack, Component component, string name, GeneratedValue value) =>
        // Opaque also for certificates: a typed TLS Secret without its keys would not pass the dry run.
        stack.Add(component, "v1", "Secret", name, stack.LabelsOf(component), annotations: null, [value], ("type", "Opaque"));
}
