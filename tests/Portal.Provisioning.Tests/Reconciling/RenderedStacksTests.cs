using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>A rendering is used again for the same generation on the same cluster, and for nothing else.</summary>
public sealed class RenderedStacksTests
{
    private static readonly ClusterCapabilities s_rich = ClusterCapabilities.Basic with { HasVerticalPodAutoscaler = true };
    private static readonly ClusterCapabilities s_bare = new() { ServerVersion = new ClusterVersion(1, 30, "v1.30.0") };

    private readonly RenderedStacks _stacks = new(PlatformSettings.Default);
    private readonly EnvironmentId _id = EnvironmentId.New(TimeProvider.System);

    [Fact]
    public void Of_TheSameGenerationAgain_IsTheSameStack() => Assert.Same(Of(1, s_rich), Of(1, s_rich));

    [Fact]
    public void Of_TheNextGeneration_IsRenderedAnew()
    {
        var before = Of(1, s_rich);

        Assert.NotEqual(Images(before), Images(Of(2, s_rich, "ghcr.io/stefanprodan/podinfo:6.9.99")));
    }

    [Fact]
    public void Of_WhatTheClusterOffersIsAnother_IsRenderedAnew() => Assert.NotEqual(Of(1, s_rich).Notes, Of(1, s_bare).Notes);

    [Fact]
    public void Of_AfterItWasForgotten_IsRenderedAnew()
    {
        var before = Of(1, s_rich);
        _stacks.Forget(_id);

        Assert.NotSame(before, Of(1, s_rich));
    }

    private RenderedStack Of(long generation, ClusterCapabilities capabilities, string? image = null)
    {
        var spec = Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
        spec = image is null ? spec : spec with { Gateway = spec.Gateway with { Image = image } };
        return _stacks.Of(new ReconcileTarget(_id, "payments", "shop", "default", "payments-shop", spec, generation, false, EnvironmentStatus.Requested, [], null, 1), capabilities);
    }

    private static IEnumerable<string> Images(RenderedStack stack) => stack.Manifests.SelectMany(manifest => manifest.Object.Items("spec", "template", "spec", "containers")).Select(container => (string)container["image"]!);
}
