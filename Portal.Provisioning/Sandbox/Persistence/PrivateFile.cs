using System.Text;

namespace Portal.Provisioning.Sandbox;

/// <summary>Writes files that hold secrets: readable by their owner only, and never seen half-written.</summary>
internal static class PrivateFile
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static void Write(string path, string text)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        // Written beside and moved, so that a reader never sees half a file.
        var draft = $"{full}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(draft, s_utf8, options))
        {
            writer.Write(text);
        }

        File.Move(draft, full, overwrite: true);
    }
}
