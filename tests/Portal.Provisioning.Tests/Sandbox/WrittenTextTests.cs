using System.Text;
using System.Text.Json.Nodes;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Sandbox;

/// <summary>What is stored as text, without a tree of it, is what would be stored of the tree.</summary>
public sealed class WrittenTextTests
{
    private static readonly ObjectKey s_pod = new(Kinds.Pod, "shop", "web");

    [Theory]
    [InlineData("""{"metadata":{"name":"web","namespace":"shop"},"spec":{"a":1},"status":{"phase":"Pending","n":0}}""")]
    [InlineData("""{"metadata":{"name":"web","namespace":"shop"},"status":{"phase":"Pending"},"spec":{"a":1}}""")]
    [InlineData("""{"metadata":{"name":"web","namespace":"shop"},"spec":{"a":"}\"ä"}}""")]
    [InlineData("""{"metadata":{"name":"web","namespace":"shop"},"spec":{"a":1,"status":{"phase":"inner"}}}""")]
    [InlineData("""{"metadata":{"name":"web","namespace":"shop"},"status":{"a":1,"status":{"phase":"inner"}}}""")]
    [InlineData("""{"metadata":{"labels":{"resourceVersion":"1"},"annotations":{"resourceVersion":"1","status":",\"status\":{"},"name":"web","namespace":"shop"},"status":{"conditions":[{"status":"True"}]}}""")]
    [InlineData("""{"metadata":{"name":"web","namespace":"shop","generation":3,"deletionTimestamp":"2026-01-01T00:00:00Z","finalizers":["portal/hold"]},"status":{"phase":"Running"}}""")]
    public void Status_Modified_LeavesTheTextThatIsLeftWhenTheWholeObjectIsModified(string body)
    {
        var (whole, status) = (new World(body), new World(body));

        // So many that the version gets another digit.
        for (var round = 0; round < 12; round++)
        {
            var wanted = whole.Writer.Modify(s_pod, root => Change(root.Section("status"), round));
            var written = status.Cluster.Status.Modify(s_pod, map => Change(map, round));

            Assert.Equal(Encoding.UTF8.GetString(wanted!.Utf8), Encoding.UTF8.GetString(written!.Utf8));
            Assert.Equal((wanted.Version, wanted.IsTerminating, wanted.View.Generation), (written.Version, written.IsTerminating, written.View.Generation));
            Assert.Equal(wanted.Labels, written.Labels);
        }

        static bool Change(JsonObject status, int round)
        {
            status["n"] = round;
            status["message"] = $"\"round\" <{round}> ä\n";
            return true;
        }
    }

    [Fact]
    public void Status_ThatSaysTheSame_IsNotWritten()
    {
        var world = new World("""{"metadata":{"name":"web","namespace":"shop"},"status":{"phase":"Pending","n":1}}""");
        var before = world.Store.Get(s_pod);

        var after = world.Cluster.Status.Modify(s_pod, status =>
        {
            status.Clear();
            status["n"] = 1;
            status["phase"] = "Pending";
            return true;
        });

        Assert.Same(before, after);
    }

    [Fact]
    public void Status_OfAPodWhoseLastFinalizerIsGone_LeavesWithIt()
    {
        var world = new World("""{"metadata":{"name":"web","namespace":"shop","deletionTimestamp":"2026-01-01T00:00:00Z"},"status":{"phase":"Running"}}""");

        world.Cluster.Status.Modify(s_pod, status =>
        {
            status["phase"] = "Succeeded";
            return true;
        });

        Assert.Null(world.Store.Get(s_pod));
    }

    [Fact]
    public void Event_OfAController_IsStoredAsItsTreeWouldBe()
    {
        var world = new World("""{"metadata":{"name":"web","namespace":"shop","uid":"0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0"},"spec":{}}""");
        world.Cluster.Events.Warning(world.Store.Get(s_pod)!, "kubelet", "Failed", "cannot pull \"shop/web:1\": <ä> \\ no\tsuch image");
        var written = Assert.Single(world.Store.List(Kinds.Event, "shop").Items);
        var tree = written.Parse();
        Assert.Equal(written.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), tree.Section("metadata").Text("resourceVersion"));
        Assert.Equal(written.Uid, tree.Section("metadata").Text("uid"));

        world.Store.TryRemove(written, written.Parse());
        tree["metadata"] = new JsonObject { ["name"] = written.Name, ["namespace"] = written.Namespace };
        var wanted = world.Writer.CreateTrusted(Kinds.Event, tree);

        Assert.Equal(Blank(wanted), Blank(written));
        Assert.Equal("cannot pull \"shop/web:1\": <ä> \\ no\tsuch image", wanted.Parse().Text("message"));
    }

    [Fact]
    public void Event_AgainAndAgain_IsOneThatCounts()
    {
        var world = new World("""{"metadata":{"name":"web","namespace":"shop"},"spec":{}}""");
        for (var round = 0; round < 3; round++)
        {
            world.Cluster.Events.Normal(world.Store.Get(s_pod)!, "kubelet", "BackOff", "still waiting");
        }

        Assert.Equal(3, Assert.Single(world.Store.List(Kinds.Event, "shop").Items).Parse().Number("count"));
    }

    [Fact]
    public void Event_ThatAWebhookRefuses_IsNotStored()
    {
        var world = new World("""{"metadata":{"name":"web","namespace":"shop"},"spec":{}}""");
        using var webhook = world.Cluster.Faults.Add(new WebhookRefusal("no events today") { Kind = "Event" });

        Assert.Throws<ApiFault>(() => world.Cluster.Events.Normal(world.Store.Get(s_pod)!, "kubelet", "Started", "Started container web"));

        Assert.Empty(world.Store.List(Kinds.Event, "shop").Items);
    }

    // The same but for what is new with each: identity, version, time.
    private static string Blank(StoredObject item)
    {
        var root = item.Parse();
        foreach (var field in (string[])["uid", "resourceVersion", "creationTimestamp"])
        {
            root.Section("metadata")[field] = "";
        }

        return root.ToJsonString();
    }

    private sealed class World
    {
        public World(string pod)
        {
            var faults = new SandboxFaults();
            Writer = new ObjectWriter(Store, new Admission(Store, faults), new QuotaGate(Store), TimeProvider.System);
            Cluster = new ControlContext(Store, Writer, new ObjectDeleter(Store, TimeProvider.System), SandboxOptions.Instant, faults, TimeProvider.System, "");
            Store.TryCreate(Kinds.Namespace, Parse("""{"metadata":{"name":"shop"}}"""));
            Store.TryCreate(Kinds.Pod, Parse(pod));
        }

        public ObjectStore Store { get; } = new();

        public ObjectWriter Writer { get; }

        public ControlContext Cluster { get; }

        private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
    }
}
