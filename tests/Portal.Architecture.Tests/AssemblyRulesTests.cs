using System.Reflection;

namespace Portal.Architecture.Tests;

public sealed class AssemblyRulesTests
{
    private static readonly string[] s_order = ["Portal.Core", "Portal.Provisioning", "Portal.Jobs", "Portal.Web"];

    public static TheoryData<string> Projects() => [.. s_order];

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_BetweenProjects_GoOneWay(string project)
    {
        var above = s_order[(Array.IndexOf(s_order, project) + 1)..];

        Assert.Empty(Load(project).GetReferencedAssemblies().Select(name => name.Name!).Intersect(above));
    }

    [Fact]
    public void ProjectFiles_Each_ReferOnlyToTheOneBelow()
    {
        foreach (var (project, below) in s_order.Skip(1).Zip(s_order))
        {
            var text = Repository.Files.Single(file => file.Path == $"{project}/{project}.csproj").Text;
            Assert.Equal([below], System.Xml.Linq.XDocument.Parse(text).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)));
        }
    }

    [Fact]
    public void Core_RefersTo_NoWebNoJobsNoCluster() =>
        Assert.Empty(AssemblyRules.Forbidden(Namespaces("Portal.Core"), "Microsoft.AspNetCore", "Quartz", "Radzen", "YamlDotNet", "System.Net.Http", "Portal.Provisioning"));

    [Fact]
    public void Provisioning_RefersTo_NoDatabaseNoJobsNoPages() =>
        Assert.Empty(AssemblyRules.Forbidden(Namespaces("Portal.Provisioning"), "Microsoft.EntityFrameworkCore", "Npgsql", "Microsoft.Data", "Quartz", "Radzen", "Microsoft.AspNetCore.Components"));

    [Fact]
    public void Jobs_RefersTo_NoDatabaseNoPages() =>
        Assert.Empty(AssemblyRules.Forbidden(Namespaces("Portal.Jobs"), "Microsoft.EntityFrameworkCore", "Npgsql", "Microsoft.Data", "Radzen", "Microsoft.AspNetCore"));

    [Fact]
    public void Web_RefersTo_NoDatabaseNoQuartz() =>
        Assert.Empty(AssemblyRules.Forbidden(Namespaces("Portal.Web"), "Microsoft.EntityFrameworkCore", "Npgsql", "Microsoft.Data", "Quartz"));

    [Fact]
    public void EntityFramework_InCore_IsOnlyInPersistence()
    {
        var uses = AssemblyRules.UsesOf(Load("Portal.Core"), "Microsoft.EntityFrameworkCore").Where(use => use.From != "Portal.Core.CoreServices" && !use.From.StartsWith("Portal.Core.CoreServices+", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(uses);
        Assert.Empty(AssemblyRules.OutsideOf(uses, "Portal.Core.Persistence"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void CancellationTokens_InEveryMethod_AreLastAndWithoutDefault(string project) =>
        Assert.Empty(AssemblyRules.MisplacedTokens(Load(project).GetTypes().Where(type => type.Namespace?.StartsWith("Portal.", StringComparison.Ordinal) == true)));

    [Fact]
    public void Forbidden_Control_FindsTheNamespaceAndWhatIsBelowItButNoNamesake() =>
        Assert.Equal(["Quartz", "Quartz.Impl"], AssemblyRules.Forbidden(["Quartz", "Quartz.Impl", "Quartzite", "System"], "Quartz"));

    [Fact]
    public void ReferencedNamespaces_Control_FindsWhatTheCodeUses()
    {
        Assert.Contains("Xunit", Namespaces("Portal.Architecture.Tests"));
        Assert.Contains("Microsoft.EntityFrameworkCore", Namespaces("Portal.Core"));
    }

    [Fact]
    public void UsesOf_Control_FindsFieldsParametersAndLocals()
    {
        var uses = AssemblyRules.UsesOf(typeof(AssemblyRulesTests).Assembly, "System.Net.Http").Where(use => use.From.EndsWith("+Offender", StringComparison.Ordinal)).Select(use => use.To).ToList();

        Assert.Contains("System.Net.Http.HttpMethod", uses);
        Assert.Contains("System.Net.Http.HttpRequestMessage", uses);
        Assert.Single(AssemblyRules.OutsideOf([new("A.B.C", "X"), new("A.D", "X")], "A.B"));
    }

    [Fact]
    public void MisplacedTokens_Control_FindsBothKinds() =>
        Assert.Equal(["DefaultedAsync", "FirstAsync"], AssemblyRules.MisplacedTokens([typeof(Offender)]).Select(name => name.Split('.')[^1]).Order());

    private static IReadOnlySet<string> Namespaces(string project) => AssemblyRules.ReferencedNamespaces(Load(project).Location);

    private static Assembly Load(string project) => Assembly.Load(project);

#pragma warning disable CA1068, CA1859, CA1823, CA1812, CS0169, IDE0044, IDE0051 // An offender on purpose.
    private sealed class Offender
    {
        private System.Net.Http.HttpMethod? _field;

        public static Task FirstAsync(CancellationToken ct, System.Net.Http.HttpRequestMessage? request) => Task.FromResult((ct, request));

        public static Task DefaultedAsync(CancellationToken ct = default) => Task.FromResult(ct);

        public static Task FineAsync(int number, CancellationToken ct) => Task.FromResult((number, ct));
    }
#pragma warning restore CA1068, CA1859, CA1823, CA1812, CS0169, IDE0044, IDE0051
}
