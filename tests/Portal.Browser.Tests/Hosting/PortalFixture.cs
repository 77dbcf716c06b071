using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Portal.Testing;

namespace Portal.Browser.Tests.Hosting;

/// <summary>A running portal with its own address, data directory and sandbox cluster. Tests may kill it and start it again.</summary>
public class PortalFixture : IAsyncLifetime
{
    private const string Prefix = "portal-run-";

    private readonly string _directory = TemporaryDirectory.Create(Prefix);
    private PortalProcess? _process;

    static PortalFixture() => TemporaryDirectory.Sweep(Prefix, _ => { });

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort()}");

    public Kubectl Kubectl => new(Path.Combine(_directory, "sandbox.kubeconfig"), _directory);

    /// <summary>The embedded database, for fixtures that put something into it.</summary>
    protected string Database => Path.Combine(_directory, "portal.db");

    /// <summary>The cookies of each person who has signed in once, for tests that are not about signing in.</summary>
    internal ConcurrentDictionary<string, Microsoft.Playwright.Cookie[]> SignedIn { get; } = new(StringComparer.Ordinal);

    /// <summary>What the portal has written since its last start.</summary>
    public string Said => _process?.Said ?? "";

    public virtual async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>Starts it again at the same address with the same data.</summary>
    public async Task StartAsync() => _process = await PortalProcess.StartAsync(Address, _directory);

    /// <summary>kill -9.</summary>
    public async Task KillAsync() => await _process!.KillAsync();

    /// <summary>The REST API as a demo persona: developer, approver, admin or outsider.</summary>
    public PortalApi As(string persona) => new(Address, persona);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    // The port has to be the same after a restart, so the system cannot choose it at each start.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
