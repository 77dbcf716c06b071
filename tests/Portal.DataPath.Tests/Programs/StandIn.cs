namespace Portal.DataPath.Tests.Programs;

/// <summary>A small script that a rendered script finds on the PATH in place of a program that only a pod has.</summary>
internal static class StandIn
{
    public static void Write(string directory, string name, string script)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("The rendered scripts are bash.");
        }

        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, name);
        File.WriteAllText(path, script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
