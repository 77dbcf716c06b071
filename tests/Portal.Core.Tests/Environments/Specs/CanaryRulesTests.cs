using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.Testing;

namespace Portal.Core.Tests.Environments.Specs;

public sealed class CanaryRulesTests
{
    [Theory]
    [InlineData("app:2", 0, 1, null)]
    [InlineData("app:2", 50, 10, null)]
    [InlineData("app:latest", 10, 1, "gateway.canary.image")]
    [InlineData("app", 10, 1, "gateway.canary.image")]
    [InlineData("SAME", 10, 1, "gateway.canary.image")]
    [InlineData("app:2", -1, 1, "gateway.canary.weightPercent")]
    [InlineData("app:2", 51, 1, "gateway.canary.weightPercent")]
    [InlineData("app:2", 10, 0, "gateway.canary.pods")]
    [InlineData("app:2", 10, 11, "gateway.canary.pods")]
    public void Validate_ACanaryAtTheEdgeOfARule_IsJudgedAtItsField(string image, int weight, int pods, string? field)
    {
        var medium = ASpec.Medium();
        var spec = medium with { Gateway = medium.Gateway with { Canary = new(image == "SAME" ? medium.Gateway.Image : image, weight, pods) } };

        Assert.Equal(field is null ? [] : [field], SpecValidator.Validate(spec).Select(error => error.Field));
    }

    [Fact]
    public void Validate_ACanaryOfFrontendOrConsume_IsRefusedWithTheReason()
    {
        var medium = ASpec.Medium();
        var canary = new CanarySpec("app:2", 10, 1);

        var errors = SpecValidator.Validate(medium with { Frontend = medium.Frontend with { Canary = canary }, Consume = medium.Consume with { Canary = canary } });

        Assert.Equal(["frontend.canary", "consume.canary"], errors.Select(error => error.Field));
        Assert.Contains("pages of two builds would be mixed", errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("takes its work from the topics", errors[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ACanaryThatNoRequestOrEveryHeaderWouldReach_IsRefused()
    {
        var medium = ASpec.Medium();
        EnvironmentSpec Of(params RouteSpec[] routes) => medium with
        {
            LoadBalancer = medium.LoadBalancer with { Routes = [new("/", RoutedService.Frontend), .. routes] },
            Gateway = medium.Gateway with { Canary = new("app:2", 10, 1) },
        };

        Assert.Empty(SpecValidator.Validate(Of(new("/api", RoutedService.Gateway), new("/api", RoutedService.Publish, "x-canary", "beta"))));
        Assert.Contains("No route leads to gateway", Assert.Single(SpecValidator.Validate(Of())).Message, StringComparison.Ordinal);
        var taken = Assert.Single(SpecValidator.Validate(Of(new("/api", RoutedService.Gateway), new("/api", RoutedService.Publish, "x-canary", "always"))));
        Assert.Equal(("gateway.canary", "The route /api goes by X-Canary: always, which is how a request chooses a canary. Give the route another header or value first."), (taken.Field, taken.Message));
    }

    [Fact]
    public void Merge_OfACanary_IsReadWholeChangedInPartAndTakenAwayByNull()
    {
        var started = Merged(ASpec.Medium(), """{"gateway":{"canary":{"image":"app:2","weightPercent":10,"pods":1}}}""");
        var raised = Merged(started, """{"gateway":{"canary":{"weightPercent":30}}}""");

        Assert.Equal(new CanarySpec("app:2", 30, 1), raised.Gateway.Canary);
        Assert.Equal(raised.Gateway.Canary, SpecJson.Read(SpecJson.Write(raised)).Gateway.Canary);
        Assert.Null(Merged(raised, """{"gateway":{"canary":null}}""").Gateway.Canary);
        var refused = SpecJson.Merge(raised, JsonNode.Parse("""{"gateway":{"canary":{"image":"app:2"},"size":null}}""")!.AsObject());
        Assert.Contains("gateway.size", Assert.Single(refused.Errors).Field, StringComparison.Ordinal);
    }

    private static EnvironmentSpec Merged(EnvironmentSpec spec, string overrides) => SpecJson.Merge(spec, JsonNode.Parse(overrides)!.AsObject()).Value;
}
