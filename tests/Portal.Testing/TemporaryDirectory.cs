using System.Globalization;

namespace Portal.Testing;

/// <summary>Directories of this test process in the machine's temporary folder; what killed processes left is swept.</summary>
public static class TemporaryDirectory
{
    /// <summary>An empty directory named by <paramref name="prefix"/> and this process, readable by this user alone.</summary>
    public static string Create(string prefix) =>
        Directory.CreateTempSubdirectory($"{prefix}{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-").FullName;

    /// <summary>Removes the directories of processes that are gone.</summary>
    public static void Sweep(string prefix, Action<string> beforeRemoval)
    {
        foreach (var directory in Directory.GetDirectories(Path.GetTempPath(), prefix + "*"))
        {
            var owner = Path.GetFileName(directory)[prefix.Length..].Split('-')[0];
            if (Directory.Exists($"/proc/{owner}"))
            {
                continue;
            }

            try
            {
                beforeRemoval(directory);
                Directory.Delete(directory, recursive: true);
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                // Another test process sweeps the same directory, or another user owns it: no concern of this run.
                Console.Error.WriteLine($"Left {directory} alone: {trouble.Message}");
            }
        }
    }
}
