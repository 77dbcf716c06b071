using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Operations;
using Portal.Core.Requests;
using Portal.Testing;

namespace Portal.Core.Tests.Operations;

public sealed class OperationTests
{
    private static readonly IReadOnlyDictionary<string, string?> s_none = new Dictionary<string, string?>();

    [Theory]
    [InlineData("restart", "gateway", "")]
    [InlineData("scale", "consume", "min=1 max=2")]
    [InlineData("scale", "load-balancer", "min=2 max=4")]
    [InlineData("upgradeImage", "frontend", "image=shop:2")]
    [InlineData("startCanary", "gateway", "image=shop:2 weightPercent=10 pods=1")]
    [InlineData("resizeVolume", "mysql", "storageGiB=80")]
    [InlineData("rotateCredential", "redis", "")]
    [InlineData("rotateCredential", "edge", "")]
    [InlineData("rotateCredential", "load-balancer", "")]
    [InlineData("purgeCache", null, "")]
    [InlineData("scaleEdges", null, "pods=4")]
    [InlineData("drainLocation", null, "location=LAST")]
    [InlineData("addReadReplica", null, "")]
    [InlineData("removeReadReplica", null, "")]
    [InlineData("promote", null, "server=1")]
    [InlineData("backUp", null, "")]
    [InlineData("restore", null, "")]
    [InlineData("restore", null, "backup=app-20261127T020000Z.sql.gz")]
    [InlineData("addShards", null, "shards=4")]
    [InlineData("addPartitions", null, "partitions=24")]
    [InlineData("addBrokers", null, "brokers=4")]
    [InlineData("pause", null, "")]
    public void Apply_OnARunningEnvironment_IsAChangeThatTheRulesAllow(string kind, string? component, string values)
    {
        var operation = OperationReader.Read(new(kind, component, Values(values.Replace("LAST", ASpec.Medium().Edge.Locations[^1], StringComparison.Ordinal)))).Value;

        var changed = OperationRules.Apply(operation, ASpec.Medium()).Value;

        Assert.NotEqual(SpecJson.Write(ASpec.Medium()), SpecJson.Write(changed));
        Assert.Empty(SpecValidator.Validate(changed, ASpec.Medium()));
        Assert.NotEmpty(OperationText.Title(operation));
    }

    [Theory]
    [InlineData("dance", null, "", "operation.unknown", "operation")]
    [InlineData("restart", null, "", "operation.component", "component")]
    [InlineData("restart", "base", "", "operation.component", "component")]
    [InlineData("scale", "mysql", "min=1 max=2", "operation.component", "component")]
    [InlineData("purgeCache", "edge", "", "operation.component", "component")]
    [InlineData("scale", "gateway", "min=1", "operation.value", "max")]
    [InlineData("scale", "gateway", "min=one max=2", "operation.value", "min")]
    [InlineData("restart", "gateway", "hard=yes", "operation.value.unknown", "hard")]
    [InlineData("upgradeImage", "gateway", "", "operation.value", "image")]
    public void Read_WhatIsNoOperation_SaysWhatIsAllowed(string kind, string? component, string values, string code, string field)
    {
        var refused = OperationReader.Read(new(kind, component, Values(values)));

        Assert.Contains(refused.Errors, error => error.Code == code && error.Field == field && error.Message.Length > 20);
    }

    [Fact]
    public void Read_EveryKind_IsOneOperationWithItsWord()
    {
        var offered = OperationCatalog.For(Running(ASpec.Medium())).Select(offer => offer.Kind).Append("wake").Distinct().Order();

        Assert.Equal(OperationReader.Kinds.Order(), offered);
    }

    [Fact]
    public void Apply_WhilePaused_IsOnlyToWake()
    {
        var paused = ASpec.Small() with { DayTwo = new() { Paused = true } };

        Assert.Equal("It is paused. Wake it first.", Assert.Single(OperationRules.Apply(new Operation.Restart(Component.Gateway), paused).Errors).Message);
        Assert.False(OperationRules.Apply(new Operation.Wake(), paused).Value.DayTwo.Paused);
        Assert.False(OperationRules.Apply(new Operation.Wake(), ASpec.Small()).IsSuccess);
    }

    [Fact]
    public void RemoveReadReplica_OfThePrimary_IsRefusedUntilAnotherIsPromoted()
    {
        var spec = ASpec.Medium() with { DayTwo = new() { MySqlPrimary = ASpec.Medium().MySql.ReadReplicas } };

        Assert.Contains("Promote another one first", Assert.Single(OperationRules.Apply(new Operation.RemoveReadReplica(), spec).Errors).Message, StringComparison.Ordinal);
        var promoted = OperationRules.Apply(new Operation.Promote(0), spec).Value;
        Assert.Equal(spec.MySql.ReadReplicas - 1, OperationRules.Apply(new Operation.RemoveReadReplica(), promoted).Value.MySql.ReadReplicas);
    }

    [Fact]
    public void RotateCredential_WhileOneIsUnderWay_IsRefused()
    {
        var once = OperationRules.Apply(new Operation.RotateCredential(Component.MySql), ASpec.Small()).Value;

        Assert.Equal(new CredentialVersion(2, true), once.DayTwo.MySqlCredential);
        Assert.False(OperationRules.Apply(new Operation.RotateCredential(Component.MySql), once).IsSuccess);
        Assert.Equal(new CredentialVersion(2), SpecFollowUp.Next(once)!.DayTwo.MySqlCredential);
    }

    [Fact]
    public void RotateCredential_OfTheWayIn_IsOfItsCertificates()
    {
        var balancer = OperationRules.Apply(new Operation.RotateCredential(Component.LoadBalancer), ASpec.Small()).Value;

        Assert.Equal(new CredentialVersion(2, true), balancer.DayTwo.LoadBalancerCertificate);
        Assert.False(OperationRules.Apply(new Operation.RotateCredential(Component.LoadBalancer), balancer).IsSuccess);
        Assert.Equal(new CredentialVersion(2), SpecFollowUp.Next(balancer)!.DayTwo.LoadBalancerCertificate);
        Assert.Contains("trusts the new certificate", SpecFollowUp.Describe(balancer), StringComparison.Ordinal);
        var edge = OperationRules.Apply(new Operation.RotateCredential(Component.Edge), ASpec.Small()).Value;
        Assert.Equal(1, edge.DayTwo.EdgeCertificates);
        Assert.Null(SpecFollowUp.Next(edge));
        Assert.Equal("Rotate the certificate of CDN edge", OperationText.Title(new Operation.RotateCredential(Component.Edge)));
    }

    [Theory]
    [InlineData(CertificateSource.CertManager, "cert-manager issues and renews")]
    [InlineData(CertificateSource.Provided, "in the Secret shop-tls")]
    public void Rotation_OfACertificateThatIsNotMadeHere_IsRefusedWithWhatCanBeDone(CertificateSource source, string words)
    {
        var small = ASpec.Small();
        var spec = small with { Edge = small.Edge with { Certificate = new() { Source = source, SecretName = source == CertificateSource.Provided ? "shop-tls" : null } } };

        var refused = Assert.Single(OperationRules.Apply(new Operation.RotateCredential(Component.Edge), spec).Errors);

        Assert.Equal("operation.not-now", refused.Code);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.True(OperationRules.Apply(new Operation.RotateCredential(Component.LoadBalancer), spec).IsSuccess);
    }

    [Fact]
    public void FollowUp_OfASpecWithoutOpenSteps_IsNone()
    {
        Assert.Null(SpecFollowUp.Next(ASpec.Large()));
        var restoring = OperationRules.Apply(new Operation.Restore(null), ASpec.Small()).Value;
        Assert.Null(SpecFollowUp.Next(SpecFollowUp.Next(restoring)!));
        Assert.NotEmpty(SpecFollowUp.Describe(restoring));
    }

    // A restore that failed must not be made again by the rollback, nor by anybody who deletes its Job.
    [Fact]
    public void Return_FromAFailedRestore_DoesNotRestoreAgain()
    {
        var restoring = OperationRules.Apply(new Operation.Restore(null), ASpec.Small()).Value;

        var returned = SpecGrowth.Return(ASpec.Small(), restoring);

        Assert.Equal(new RestoreSpec(1, null), returned.DayTwo.Restore);
        Assert.Empty(SpecValidator.Validate(returned, restoring));
    }

    [Fact]
    public void Catalog_SaysWhyNot()
    {
        var offers = OperationCatalog.For(Running(ASpec.Small()));

        Assert.Equal("MySQL has no read replica.", offers.Single(offer => offer.Kind == "removeReadReplica").WhyNot);
        Assert.Contains("cannot become a Redis Cluster", offers.Single(offer => offer.Kind == "addShards").WhyNot, StringComparison.Ordinal);
        Assert.Null(offers.Single(offer => offer is { Kind: "restart", Component: Component.Gateway }).WhyNot);
        Assert.All(offers.Where(offer => offer.ReplacesData), offer => Assert.Equal("restore", offer.Kind));
    }

    [Fact]
    public void Catalog_BeforeTheFirstApproval_OffersNothingNow()
    {
        var requested = AppEnvironment.Request(EnvironmentId.New(TimeProvider.System), "payments", "shop", "sandbox", ASpec.Small(), "dewi", TimeProvider.System.GetUtcNow());

        Assert.All(OperationCatalog.For(requested), offer => Assert.Contains("not approved yet", offer.WhyNot, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Purpose.Development, 0)]
    [InlineData(Purpose.Production, 1)]
    public void Policy_ForWhatReplacesOrStops_AsksInProduction(Purpose purpose, int approvals)
    {
        var spec = ASpec.Small(purpose);

        Assert.Equal(approvals, OperationPolicy.Evaluate(new Operation.Restore(null), spec).RequiredApprovals);
        Assert.Equal(approvals, OperationPolicy.Evaluate(new Operation.Pause(), spec).RequiredApprovals);
        Assert.Equal(0, OperationPolicy.Evaluate(new Operation.Restart(Component.Gateway), spec).RequiredApprovals);
        Assert.Equal(1, OperationPolicy.Evaluate(new Operation.AddReadReplica(), spec).RequiredApprovals);
    }

    private static AppEnvironment Running(EnvironmentSpec spec)
    {
        var environment = AppEnvironment.Request(EnvironmentId.New(TimeProvider.System), "payments", "shop", "sandbox", spec, "dewi", TimeProvider.System.GetUtcNow());
        environment.Approve(spec, new RequestId(1), "arif", TimeProvider.System.GetUtcNow());
        return environment;
    }

    private static IReadOnlyDictionary<string, string?> Values(string text) => text.Length == 0
        ? s_none
        : text.Split(' ').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => (string?)pair[1]);
}
