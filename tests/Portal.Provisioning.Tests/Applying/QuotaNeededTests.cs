using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Tests.Blueprint;

namespace Portal.Provisioning.Tests.Applying;

/// <summary>How wide a quota has to be while one stack becomes another.</summary>
public sealed class QuotaNeededTests
{
    private static readonly EnvironmentSpec s_spec = Presets.Create(Preset.Medium, Purpose.Staging, "shop.apps.example");

    [Theory]
    [MemberData(nameof(StackCase.Names), MemberType = typeof(StackCase))]
    public void Needed_WhereNothingIsYet_IsTheRenderedQuota(string name)
    {
        var stack = StackCase.Named(name).Render();

        Assert.Equal(Hard(stack), Needed(stack, LiveStack.Of(null)));
    }

    [Fact]
    public void Needed_ForAnotherLocation_HasRoomForBoth()
    {
        var before = Render(s_spec with { Edge = s_spec.Edge with { Locations = ["jakarta"] } });
        var after = Render(s_spec with { Edge = s_spec.Edge with { Locations = ["tokyo"] } });

        var needed = Needed(after, Live(before));

        Assert.Equal(Hard(before), Hard(after));
        Assert.Equal("2", needed["services.loadbalancers"]);
        // The one more is for the check of the entry: it asks other locations, so that it is another Job.
        Assert.Equal(Pods(Hard(Render(s_spec with { Edge = s_spec.Edge with { Locations = ["jakarta", "tokyo"] } }))) + 1, Pods(needed));
    }

    [Fact]
    public void Needed_WhatGrowsBeforeSomethingElseShrinks_FitsBesideIt()
    {
        var before = Render(s_spec);
        var grown = s_spec with { MySql = s_spec.MySql with { ReadReplicas = s_spec.MySql.ReadReplicas + 2 } };
        var after = Render(grown with { Frontend = grown.Frontend with { Scale = new(1, 1) } });

        var needed = Needed(after, Live(before));

        Assert.Equal(Hard(Render(grown)), needed);
        Assert.True(Pods(Hard(after)) < Pods(needed));
    }

    [Fact]
    public void Needed_ForARest_IsWhatItWas()
    {
        var before = Render(s_spec);
        var rest = Render(s_spec with { DayTwo = s_spec.DayTwo with { Paused = true } });

        Assert.Equal(Hard(before), Needed(rest, Live(before)));
        Assert.Equal(Hard(before), Hard(rest));
    }

    private static RenderedStack Render(EnvironmentSpec spec) => (StackCase.Named("operated-basic") with { Spec = spec }).Render();

    private static LiveStack Live(RenderedStack stack) => LiveStack.Of(null, stack.Manifests.Select(manifest => manifest.Object));

    private static Dictionary<string, string> Needed(RenderedStack stack, LiveStack live) => Texts(QuotaRoom.Needed(stack.Manifests, live, StackCase.Identity.Id));

    private static Dictionary<string, string> Hard(RenderedStack stack) =>
        Texts(stack.Manifests.Single(manifest => manifest.Object.Kind == "ResourceQuota").Object.At("spec", "hard")!.AsObject());

    private static Dictionary<string, string> Texts(JsonObject limits) => limits.ToDictionary(limit => limit.Key, limit => limit.Value!.ToString());

    private static int Pods(Dictionary<string, string> limits) => int.Parse(limits["pods"], System.Globalization.CultureInfo.InvariantCulture);
}
