using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Portal.Testing;
using Portal.Web.Models;
using Parts = Portal.Core.Environments.Components;

namespace Portal.Web.Tests.Models;

/// <summary>Walks docs/adding-a-component.md for every component that there is: one that is half added fails here, with the step that is missing.</summary>
public sealed partial class ComponentChecklistTests
{
    private static readonly RenderedStack s_stack = StackBlueprint.Render(
        ASpec.Large(), new(new EnvironmentId(Guid.Empty), "payments", "shop", "payments-shop", 1), ClusterCapabilities.Basic);

    public static TheoryData<Component> All => [.. Parts.All];

    [Fact]
    public void Document_EveryFileThatItNames_Exists()
    {
        var named = NamedFile().Matches(File.ReadAllText(Path.Combine(Root(), "docs", "adding-a-component.md"))).Select(match => match.Groups[1].Value).ToList();

        Assert.True(named.Count > 15, $"Only {named.Count} files are named.");
        Assert.All(named, file => Assert.True(Path.Exists(Path.Combine(Root(), file)), $"{file} is not there."));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Word_IsALabelThatLeadsBack(Component component)
    {
        Assert.Matches("^[a-z]([a-z-]*[a-z])?$", component.Slug());
        Assert.Equal(component, Parts.FromSlug(component.Slug()));
        Assert.NotEmpty(component.Title());
        Assert.True(Enum.IsDefined(component.Layer()));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Graph_HasItsNodeAndSomebodySpeaksToIt(Component component)
    {
        Assert.NotNull(s_stack.Graph.Node(component));
        Assert.True(component is Component.Base || s_stack.Graph.Flows.Any(flow => flow.From == component || flow.To == component), "No flow begins or ends there.");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Objects_AreRenderedAndEachCarriesItsLabel(Component component)
    {
        var own = s_stack.Manifests.Where(manifest => manifest.Component == component).ToList();

        Assert.NotEmpty(own);
        Assert.All(own, manifest => Assert.Equal(component.Slug(), manifest.Object.Label(Labels.Component)));
    }

    // Housekeeping holds placeholders and a nightly Job: there is nothing in it that a restart would help.
    [Theory]
    [MemberData(nameof(All))]
    public void Restart_IsOfferedExactlyWhereSomethingRuns(Component component) => Assert.Equal(
        component != Component.Housekeeping && s_stack.Manifests.Any(manifest => manifest.Component == component && manifest.Object.Kind is ("Deployment" or "StatefulSet")),
        RestartCounts.Restartable.Contains(component));

    [Theory]
    [MemberData(nameof(All))]
    public void Form_AsksForIt(Component component) =>
        Assert.True(component == Component.Base || FormSections.All.Any(section => section.Components.Contains(component)), "No section of the form is about it.");

    [Theory]
    [MemberData(nameof(All))]
    public void Picture_HasAPlaceForIt(Component component)
    {
        Assert.Contains(TopologyLayout.Of(s_stack.Graph, TopologyDirection.Wide).Nodes, node => node.Component == component);
        Assert.Contains(TopologyLayout.Of(s_stack.Graph, TopologyDirection.Narrow).Nodes, node => node.Component == component);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Documentation_HasItsRow(Component component)
    {
        var title = component switch { Component.LoadBalancer => "load balancer", _ => component.Slug() };

        Assert.Matches($@"(?m)^\|[^|]*\b{title}\b[^|]*\|", File.ReadAllText(Path.Combine(Root(), "docs", "stack.md")));
    }

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));

    [GeneratedRegex("`((?:Portal\\.[A-Za-z.]+|tests|docs|deploy)/[A-Za-z0-9./-]+)`")]
    private static partial Regex NamedFile();
}
