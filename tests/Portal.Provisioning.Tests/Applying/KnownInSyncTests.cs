using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Applying;

/// <summary>What was compared is compared again as soon as one of the two sides is another.</summary>
public sealed class KnownInSyncTests
{
    private const string First = "11111111-1111-4111-8111-111111111111";
    private const string Second = "22222222-2222-4222-8222-222222222222";

    private readonly KnownInSync _known = new();

    public KnownInSyncTests() => _known.Add(Wish("a"), Live(First, "7"));

    [Fact]
    public void Contains_TheSameWishAndVersion_IsTrue() => Assert.True(_known.Contains(Wish("a"), Live(First, "7")));

    [Fact]
    public void Contains_AnotherWish_IsFalse() => Assert.False(_known.Contains(Wish("b"), Live(First, "7")));

    [Fact]
    public void Contains_AnotherVersion_IsFalse() => Assert.False(_known.Contains(Wish("a"), Live(First, "8")));

    [Fact]
    public void Contains_AnotherObjectOfThatVersion_IsFalse() => Assert.False(_known.Contains(Wish("a"), Live(Second, "7")));

    [Fact]
    public void Add_OfALaterVersion_ForgetsTheEarlierOne()
    {
        _known.Add(Wish("a"), Live(First, "8"));

        Assert.False(_known.Contains(Wish("a"), Live(First, "7")));
        Assert.True(_known.Contains(Wish("a"), Live(First, "8")));
    }

    private static Manifest Wish(string value) => new(Component.Gateway, Map(new JsonObject { ["name"] = "settings" }, value));

    private static KubeObject Live(string uid, string version) => Map(new JsonObject { ["name"] = "settings", ["uid"] = uid, ["resourceVersion"] = version }, "a");

    private static KubeObject Map(JsonObject metadata, string value) =>
        new(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = metadata, ["data"] = new JsonObject { ["key"] = value } });
}
