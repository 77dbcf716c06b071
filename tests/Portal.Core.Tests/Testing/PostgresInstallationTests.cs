using Portal.Testing;

namespace Portal.Core.Tests.Testing;

public sealed class PostgresInstallationTests
{
    [Fact]
    public void FindBin_NothingInstalled_SaysWhatToInstall()
    {
        var empty = Directory.CreateTempSubdirectory("portal-no-postgres-");

        var missing = Assert.Throws<InvalidOperationException>(() => PostgresInstallation.FindBin(empty.FullName));

        empty.Delete();
        Assert.Contains("apt-get install --no-install-recommends postgresql", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FindBin_SeveralVersions_TakesTheNewestByNumber()
    {
        var root = Directory.CreateTempSubdirectory("portal-postgres-");
        foreach (var version in (string[])["9", "15", "17"])
        {
            var bin = root.CreateSubdirectory(Path.Combine(version, "bin")).FullName;
            if (version != "17")
            {
                File.WriteAllText(Path.Combine(bin, "initdb"), "");
                File.WriteAllText(Path.Combine(bin, "postgres"), "");
            }
        }

        var found = PostgresInstallation.FindBin(root.FullName);

        root.Delete(recursive: true);
        Assert.Equal(Path.Combine(root.FullName, "15", "bin"), found);
    }
}
