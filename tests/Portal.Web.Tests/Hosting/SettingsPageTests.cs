using Portal.Web.Options;

namespace Portal.Web.Tests.Hosting;

public class SettingsPageTests
{
    [Fact]
    public void ThePageOfSettings_ListsEveryKeyAndNoOther()
    {
        var listed = File.ReadLines(Path.Combine(Root(), "docs", "settings.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1])
            .ToList();

        Assert.Equal(SettingKeys.All.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Portal.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder;
    }
}
