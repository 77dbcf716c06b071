using Portal.Core.Environments;

namespace Portal.Provisioning.Blueprint.Base;

/// <summary>The Secrets that the platform's settings name, where they are to be copied: exactly those, and none that a team names.</summary>
internal static class PlatformSecrets
{
    public static void Add(StackContext stack)
    {
        if (stack.Platform.SecretsNamespace is not { } from)
        {
            return;
        }

        // All pods pull with it, so that it is nobody's but the base's. One name may serve for both.
        if (stack.Platform.PullSecret is { } pull)
        {
            stack.AddCopy(Component.Base, pull, from);
        }

        if (stack.Platform.ObjectStore is { } store && !stack.Spec.MySql.IsExternal() && store.Secret != stack.Platform.PullSecret)
        {
            stack.AddCopy(Component.MySql, store.Secret, from);
        }
    }
}
