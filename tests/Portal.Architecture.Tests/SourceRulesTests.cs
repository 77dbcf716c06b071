namespace Portal.Architecture.Tests;

/// <summary>Each rule holds for the repository, and its control shows that it would notice.</summary>
public sealed class SourceRulesTests
{
    // Put together here, so that this file does not offend the rule that it tests.
    private const string Slash = "/";

    [Fact]
    public void Repository_Read_IsNotEmpty()
    {
        Assert.True(Repository.Source.Count() > 50);
        Assert.All(Repository.Projects, project => Assert.Contains(Repository.Source, file => file.Path.StartsWith(project + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public void AsyncVoid_InTheSources_IsNowhere() => Assert.Empty(SourceRules.AsyncVoid(Repository.Source));

    [Fact]
    public void EmptyCatch_InAllCode_IsNowhere() => Assert.Empty(SourceRules.EmptyCatch(Code()));

    [Fact]
    public void DefaultedToken_InTheSources_IsNowhere() => Assert.Empty(SourceRules.DefaultedToken(Repository.Source));

    [Fact]
    public void Unfinished_InTheSources_IsNowhere() => Assert.Empty(SourceRules.Unfinished(Repository.Source));

    [Fact]
    public void DatabaseInComponents_InTheSources_IsNowhere() => Assert.Empty(SourceRules.DatabaseInComponents(Repository.Source));

    [Fact]
    public void Radzen_OutsideComponents_IsNowhereButWhereItIsRegistered() =>
        Assert.Empty(SourceRules.RadzenOutsideComponents(Repository.Source.Where(file => file.Path != "Portal.Web/Hosting/PortalServices.cs")));

    [Fact]
    public void TooLong_InTheSources_IsNothing() => Assert.Empty(SourceRules.TooLong(Repository.Source));

    [Fact]
    public void BannedFolders_InTheRepository_AreNone() => Assert.Empty(SourceRules.BannedFolders(Code()));

    [Fact]
    public void TopLevelFolders_InTheRepository_AreThoseOfTheDesign() => Assert.Empty(SourceRules.UnknownTopLevelFolders(Repository.Files));

    [Fact]
    public void MachineTraces_InTrackedFiles_AreNone() => Assert.Empty(SourceRules.MachineTraces(Repository.Files));

    [Theory]
    [InlineData("private async void OnClick()")]
    [InlineData("async  void X() {")]
    public void AsyncVoid_Control_IsFound(string text) => Assert.Single(SourceRules.AsyncVoid(File(text)));

    [Theory]
    [InlineData("try { } catch { }")]
    [InlineData("try { } catch (IOException) { }")]
    [InlineData("catch (IOException e) when (e.HResult == 1)\n{\n}")]
    public void EmptyCatch_Control_IsFound(string text) => Assert.Single(SourceRules.EmptyCatch([new("Portal.Core/A.cs", text)]));

    [Theory]
    [InlineData("catch (IOException)\n{\n    // gone already\n}")]
    [InlineData("catch (IOException e)\n{\n    throw;\n}")]
    public void EmptyCatch_WithAReasonOrABody_IsFine(string text) => Assert.Empty(SourceRules.EmptyCatch(File(text)));

    [Theory]
    [InlineData("Task RunAsync(CancellationToken ct = default)")]
    [InlineData("Task RunAsync(CancellationToken? token = null)")]
    public void DefaultedToken_Control_IsFound(string text) => Assert.Single(SourceRules.DefaultedToken(File(text)));

    [Theory]
    [InlineData("throw new NotImplementedException();")]
    [InlineData("// TODO later")]
    public void Unfinished_Control_IsFound(string text) => Assert.Single(SourceRules.Unfinished(File(text)));

    [Theory]
    [InlineData("@inject PortalSessions Sessions")]
    [InlineData("private PortalDbContext _context;")]
    public void DatabaseInComponents_Control_IsFound(string text)
    {
        Assert.Single(SourceRules.DatabaseInComponents([new("Portal.Web/Components/Pages/A.razor", text)]));
        Assert.Empty(SourceRules.DatabaseInComponents([new("Portal.Web/Auth/A.cs", text)]));
    }

    [Theory]
    [InlineData("using Radzen;")]
    [InlineData("<RadzenButton />")]
    public void RadzenOutsideComponents_Control_IsFound(string text)
    {
        Assert.Single(SourceRules.RadzenOutsideComponents([new("Portal.Web/Live/A.razor", text)]));
        Assert.Empty(SourceRules.RadzenOutsideComponents([new("Portal.Web/Components/A.razor", text)]));
    }

    [Fact]
    public void TooLong_Control_IsFound()
    {
        Assert.Single(SourceRules.TooLong(File(string.Concat(Enumerable.Repeat("x\n", 301)))));
        Assert.Empty(SourceRules.TooLong(File(string.Concat(Enumerable.Repeat("x\n", 300)))));
    }

    [Fact]
    public void BannedFolders_Control_AreFound() =>
        Assert.Equal(2, SourceRules.BannedFolders([new("Portal.Core/Helpers/A.cs", ""), new("Portal.Web/Services/B.cs", ""), new("Portal.Core/Teams/C.cs", "")]).Count());

    [Fact]
    public void UnknownTopLevelFolders_Control_AreFound() =>
        Assert.Equal(["src"], SourceRules.UnknownTopLevelFolders([new("src/A.cs", ""), new("docs/a.md", ""), new(".ci/run", ""), new("README.md", "")]));

    [Theory]
    [InlineData("cd " + Slash + "work/h/somebody")]
    [InlineData("file: " + Slash + "home/somebody/x")]
    [InlineData("\"" + Slash + "root/.nuget\"")]
    [InlineData("https:" + Slash + Slash + "artifactory.corp.example" + Slash + "nuget")]
    public void MachineTraces_Control_AreFound(string text) => Assert.Single(SourceRules.MachineTraces(File(text)));

    private static IEnumerable<SourceFile> Code() => Repository.Files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal) && !file.Path.EndsWith("SourceRulesTests.cs", StringComparison.Ordinal));

    private static SourceFile[] File(string text) => [new("Portal.Core/A.cs", text)];
}
