namespace Portal.Provisioning.Kubernetes;

/// <summary>One instance for texts that many objects repeat: label keys and values, namespaces, kinds, owners.</summary>
/// <remarks>Forgets by overwriting, so it stays small whatever comes by. Safe on every thread: a lost race only costs a copy.</remarks>
internal static class SharedText
{
    private static readonly string?[] s_known = new string?[8192];

    public static string Of(string text)
    {
        ref var slot = ref s_known[(uint)string.GetHashCode(text) % (uint)s_known.Length];
        var known = Volatile.Read(ref slot);
        if (known == text)
        {
            return known;
        }

        Volatile.Write(ref slot, text);
        return text;
    }
}
