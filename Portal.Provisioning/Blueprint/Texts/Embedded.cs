namespace Portal.Provisioning.Blueprint.Texts;

/// <summary>The text files that are compiled into the assembly.</summary>
internal static class Embedded
{
    private const string Root = "Portal.Provisioning.Blueprint.";

    public static string Read(string path)
    {
        using var stream = typeof(Embedded).Assembly.GetManifestResourceStream(Root + path.Replace('/', '.'))
            ?? throw new InvalidOperationException($"There is no embedded text {path}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
