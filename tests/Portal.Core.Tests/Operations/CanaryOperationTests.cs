using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Operations;
using Portal.Core.Requests;
using Portal.Testing;

namespace Portal.Core.Tests.Operations;

/// <summary>A new image is tried on part of a service's requests, and then is everybody's or nobody's.</summary>
public sealed class CanaryOperationTests
{
    private static readonly EnvironmentSpec s_running =
        OperationRules.Apply(new Operation.StartCanary(Component.Gateway, "shop/gateway:2", 20, 2), ASpec.Medium()).Value;

    [Fact]
    public void Start_ThenPromote_LeavesTheImageForEverybodyAndNoCanary()
    {
        var promoted = OperationRules.Apply(new Operation.PromoteCanary(Component.Gateway), s_running).Value;

        Assert.Equal(new CanarySpec("shop/gateway:2", 20, 2), s_running.Gateway.Canary);
        Assert.Equal(ASpec.Medium().Gateway.Image, s_running.Gateway.Image);
        Assert.Empty(SpecValidator.Validate(s_running, ASpec.Medium()));
        Assert.Empty(SpecValidator.Validate(promoted, s_running));
        Assert.Equal(SpecJson.Write(ASpec.Medium() with { Gateway = ASpec.Medium().Gateway with { Image = "shop/gateway:2" } }), SpecJson.Write(promoted));
    }

    [Fact]
    public void Start_ThenEnd_IsTheSpecThatWasBefore()
    {
        var ended = OperationRules.Apply(new Operation.EndCanary(Component.Gateway), s_running).Value;

        Assert.Equal(SpecJson.Write(ASpec.Medium()), SpecJson.Write(ended));
        Assert.Null(SpecFollowUp.Next(s_running));
    }

    [Fact]
    public void StartPromoteAndEnd_OfWhatTheyCannot_SayWhy()
    {
        Assert.Equal("Gateway has a canary, shop/gateway:2. Promote it or end it first.", Refusal(new Operation.StartCanary(Component.Gateway, "shop/gateway:3", 10, 1), s_running));
        Assert.Equal("Publish has no canary. Start one first.", Refusal(new Operation.PromoteCanary(Component.Publish), s_running));
        Assert.Equal("Publish has no canary. Start one first.", Refusal(new Operation.EndCanary(Component.Publish), s_running));
    }

    // A repair for everybody must not wait for the trial; what is tried already is promoted instead.
    [Fact]
    public void Upgrade_WhileACanaryRuns_KeepsItUnlessItIsTheSameImage()
    {
        var repaired = OperationRules.Apply(new Operation.UpgradeImage(Component.Gateway, "shop/gateway:1.1"), s_running).Value;
        var same = OperationRules.Apply(new Operation.UpgradeImage(Component.Gateway, "shop/gateway:2"), s_running).Value;

        Assert.Equal(s_running.Gateway.Canary, repaired.Gateway.Canary);
        Assert.Empty(SpecValidator.Validate(repaired, s_running));
        Assert.Equal("gateway.canary.image", Assert.Single(SpecValidator.Validate(same, s_running)).Field);
    }

    [Fact]
    public void Catalog_OffersWhatCanBeDoneNow()
    {
        var without = Offers(ASpec.Medium());
        var with = Offers(s_running);

        Assert.Equal(["startCanary"], without.Where(offer => offer.Value is null).Select(offer => offer.Key));
        Assert.Equal(["endCanary", "promoteCanary"], with.Where(offer => offer.Value is null).Select(offer => offer.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("frontend")]
    [InlineData("consume")]
    public void Read_OfAServiceThatCanHaveNone_IsRefused(string component)
    {
        var refused = OperationReader.Read(new("startCanary", component, new Dictionary<string, string?> { ["image"] = "a:2", ["weightPercent"] = "10", ["pods"] = "1" }));

        Assert.Contains("Choose one of: gateway, publish.", Assert.Single(refused.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Policy_InProduction_AsksForApprovalButToEndOne()
    {
        var production = ASpec.Small(Purpose.Production);

        Assert.Equal(1, OperationPolicy.Evaluate(new Operation.StartCanary(Component.Gateway, "a:2", 10, 1), production).RequiredApprovals);
        Assert.Equal(1, OperationPolicy.Evaluate(new Operation.PromoteCanary(Component.Gateway), production).RequiredApprovals);
        Assert.Equal(0, OperationPolicy.Evaluate(new Operation.EndCanary(Component.Gateway), production).RequiredApprovals);
        Assert.Equal(0, OperationPolicy.Evaluate(new Operation.StartCanary(Component.Gateway, "a:2", 10, 1), ASpec.Small(Purpose.Staging)).RequiredApprovals);
    }

    // An update that fails for another reason must not take the trial away, and one that fails because of it must not leave it.
    [Fact]
    public void Return_AfterAFailedUpdate_HasTheCanaryOfWhatItReturnsTo()
    {
        Assert.Null(SpecGrowth.Return(ASpec.Medium(), s_running).Gateway.Canary);
        Assert.Equal(s_running.Gateway.Canary, SpecGrowth.Return(s_running, ASpec.Medium()).Gateway.Canary);
    }

    private static Dictionary<string, string?> Offers(EnvironmentSpec spec) => OperationCatalog.For(Running(spec))
        .Where(offer => offer.Component == Component.Gateway && offer.Kind.EndsWith("Canary", StringComparison.Ordinal)).ToDictionary(offer => offer.Kind, offer => offer.WhyNot);

    private static AppEnvironment Running(EnvironmentSpec spec)
    {
        var environment = AppEnvironment.Request(EnvironmentId.New(TimeProvider.System), "payments", "shop", "sandbox", spec, "dewi", TimeProvider.System.GetUtcNow());
        environment.Approve(spec, new RequestId(1), "arif", TimeProvider.System.GetUtcNow());
        return environment;
    }

    private static string Refusal(Operation operation, EnvironmentSpec spec) => Assert.Single(OperationRules.Apply(operation, spec).Errors).Message;
}
