using System.Text.Json.Nodes;
using Portal.Provisioning.Planning;

namespace Portal.Provisioning.Tests.Planning;

public sealed class QuotaRefusalTests
{
    private const string Lead = "Cannot apply Service/shop/edge-tokyo: services \"edge-tokyo\" is forbidden: exceeded quota: environment, ";

    [Theory]
    [InlineData("requested: services.loadbalancers=1, used: services.loadbalancers=1, limited: services.loadbalancers=1", true)]
    [InlineData("requested: services.loadbalancers=1, used: services.loadbalancers=2, limited: services.loadbalancers=2", false)]
    [InlineData("requested: pods=1,requests.storage=1536Mi, used: pods=4,requests.storage=3Gi, limited: pods=4,requests.storage=3Gi", true)]
    [InlineData("requested: pods=1,requests.storage=2560Mi, used: pods=4,requests.storage=3Gi, limited: pods=4,requests.storage=3Gi", false)]
    [InlineData("requested: count/jobs.batch=1, used: count/jobs.batch=3, limited: count/jobs.batch=3", false)]
    [InlineData("requested: pods=1, used: , limited: pods=4", false)]
    [InlineData("for a reason of its own", false)]
    public void WouldFit_WordsOfTheServer_AreMeasuredByTheLimits(string words, bool expected) => Assert.Equal(
        expected,
        QuotaRefusal.WouldFit(Lead + words, new JsonObject { ["services.loadbalancers"] = "2", ["pods"] = "5", ["requests.storage"] = "5Gi" }));
}
