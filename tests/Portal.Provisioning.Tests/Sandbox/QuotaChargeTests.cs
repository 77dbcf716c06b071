using System.Text.Json.Nodes;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Sandbox;

/// <summary>The moment between the charge of an object and its being stored, when a count because of another object may come.</summary>
public sealed class QuotaChargeTests
{
    private readonly ObjectStore _store = new();
    private readonly QuotaGate _gate;
    private readonly QuotaController _controller;
    private readonly ObjectKey _quota;

    public QuotaChargeTests()
    {
        var faults = new SandboxFaults();
        _gate = new QuotaGate(_store);
        var writer = new ObjectWriter(_store, new Admission(_store, faults), _gate, TimeProvider.System);
        _controller = new QuotaController(new ControlContext(
            _store, writer, new ObjectDeleter(_store, TimeProvider.System), SandboxOptions.Instant, faults, TimeProvider.System, ""));
        _quota = _store.TryCreate(Kinds.ResourceQuota, Parse("""{"metadata":{"name":"limits","namespace":"shop"},"spec":{"hard":{"services":"1"}}}"""))!.Key;
    }

    [Fact]
    public void Count_BeforeTheChargedObjectIsStored_KeepsItsCharge()
    {
        _gate.Admit(Kinds.Service, Service("a"), dryRun: false);

        _controller.Reconcile(_quota);

        Assert.Equal("1", Used);
        Assert.Throws<ApiFault>(() => _gate.Admit(Kinds.Service, Service("b"), dryRun: false));
    }

    [Fact]
    public void Count_AfterTheChargedObjectIsStored_CountsItOnce()
    {
        var service = Service("a");
        _gate.Admit(Kinds.Service, service, dryRun: false);
        _controller.Observe(new Change(null, _store.TryCreate(Kinds.Service, service)!, Removed: false));

        _controller.Reconcile(_quota);

        Assert.Equal("1", Used);
    }

    [Fact]
    public void Count_OfAnObjectThatIsNeverStored_GivesItsRoomBack()
    {
        var service = Service("a");
        _gate.Admit(Kinds.Service, service, dryRun: false);
        _gate.Forget(service);

        _controller.Reconcile(_quota);

        Assert.Equal("0", Used);
    }

    private string? Used => (string?)_store.Get(_quota)!.Parse()["status"]!["used"]!["services"];

    private static JsonObject Service(string name) => Parse($$$"""{"metadata":{"name":"{{{name}}}","namespace":"shop","uid":"{{{Guid.NewGuid()}}}"},"spec":{}}""");

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
