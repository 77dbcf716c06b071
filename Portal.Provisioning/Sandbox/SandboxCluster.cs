using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Provisioning.Sandbox;

/// <summary>A Kubernetes API server with its controllers in this process, for the demo and the tests: kubectl and any client speak to it over HTTPS, or plain http where an option asks for it, and the portal around it without the wire.</summary>
/// <remarks>
/// <para>
/// Served: the kinds of the table <see cref="Kinds"/> with get, list (label and field selectors, limit and continue), watch (resume, bookmarks, 410),
/// create, update, delete (propagation, preconditions, grace, finalizers), deletecollection, JSON, merge and strategic merge patch,
/// server-side apply (ownership, conflicts, force, dry run), the subresources status, scale, eviction and log, discovery, and tables.
/// Unknown paths and kinds answer 404, a known kind with a wrong method 405, a known thing that the sandbox leaves out 501; always with a Status object.
/// </para>
/// <para>
/// Simulated: Deployment, ReplicaSet, StatefulSet (with claims and revisions), DaemonSet, Job and CronJob; scheduling by requests, on nodes that a cluster autoscaler adds and removes when <see cref="SandboxOptions.MaxNodes"/> lets it; image pulls, starts, readiness and
/// stops after the delays in <see cref="SandboxOptions"/>; claims bound to volumes of their class, at once (the default <c>standard</c>) or when the first pod needs them (WaitForFirstConsumer), or to a free volume that they name or that suits them; volumes deleted or kept as their reclaim policy says; endpoints; load balancer addresses (203.0.113.0/24);
/// usage of pods and nodes in metrics.k8s.io (waves around a share of the requests, nothing is measured) and HorizontalPodAutoscaler and VerticalPodAutoscaler recommendations on it; PodDisruptionBudget status, which evictions respect; ResourceQuota, counted and enforced at creation; garbage collection; namespace termination; events. While the controllers have much to do, requests wait a moment.
/// </para>
/// <para>
/// On demand (<see cref="Faults"/>), by verb, kind, namespace, name and count: error answers, slow answers and bodies, connections that break before or after a write was stored
/// or in the middle of a list or watch, forgotten versions (410), webhooks that refuse or do not answer, the whole cluster away; pods that never start, crash, run out of
/// memory or fit no node, claims that never bind. Writes can be observed one by one.
/// </para>
/// <para>
/// Left out: containers never run, so probes, exec, port-forward and traffic do not exist; quotas know no scopes and refuse at creation only;
/// RBAC is stored but not enforced; nothing is preempted; Ingress gets no address; VerticalPodAutoscalers only recommend; custom and external metrics do not exist;
/// bodies must be JSON or YAML: protobuf (what <c>kubectl create namespace NAME</c> and its like send, unlike <c>create -f</c> and <c>apply</c>) answers 415;
/// at most 20,000 events are kept.
/// </para>
/// <para>
/// With a data directory, objects, token, certificate and port outlive the process, a killed one included: changes are in the file within about 20 ms.
/// Faults and the autoscalers' memory do not. Versions go on with a gap, and a watch from before the restart is told to list again (410).
/// </para>
/// </remarks>
public sealed class SandboxCluster : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ControlLoop _loop;
    private readonly StoreJournal? _journal;
    private readonly CancellationTokenSource _stopping;
    private readonly X509Certificate2 _certificate;
    private readonly ApiServer _server;

    private SandboxCluster(WebApplication app, ApiServer server, ControlLoop loop, StoreJournal? journal, CancellationTokenSource stopping, X509Certificate2 certificate, Uri address, string token, SandboxFaults faults, ObjectStore store)
    {
        _app = app;
        _server = server;
        _loop = loop;
        _journal = journal;
        _stopping = stopping;
        _certificate = certificate;
        Store = store;
        Address = address;
        Token = token;
        Faults = faults;
    }

    public Uri Address { get; }

    /// <summary>The bearer token that every request must carry; new at every start unless there is a data directory.</summary>
    public string Token { get; }

    /// <summary>The certificate that clients must trust, as PEM.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>Where the kubeconfig was written; empty when none was asked for.</summary>
    public string KubeconfigPath { get; private set; } = "";

    /// <summary>The faults that the cluster shows; change them while it runs.</summary>
    public SandboxFaults Faults { get; }

    internal ObjectStore Store { get; }

    /// <summary>Starts the API server and its controllers; requests are served when it returns.</summary>
    /// <exception cref="IOException">The port is in use.</exception>
    /// <exception cref="SandboxInUseException">Another process has the data directory.</exception>
    public static async Task<SandboxCluster> StartAsync(SandboxOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        var identity = options.DataDirectory is { } home ? SandboxIdentity.LoadOrMake(home, time, loggers.CreateLogger<SandboxCluster>()) : SandboxIdentity.Make(time);
        var (token, certificate) = (identity.Token, identity.Certificate);
        var stopping = new CancellationTokenSource();
        var store = new ObjectStore();
        var faults = new SandboxFaults();
        var admission = new Admission(store, faults);
        var writer = new ObjectWriter(store, admission, new QuotaGate(store), time);
        var deleter = new ObjectDeleter(store, time);
        var backlog = new Backlog();
        var loop = ControlLoop.Start(new ControlContext(store, writer, deleter, options, faults, time, certificate.ExportCertificatePem()), backlog, loggers, stopping.Token);
        var server = new ApiServer(
            token,
            new ReadRequests(store, time),
            new WriteRequests(writer),
            new DeleteRequests(store, deleter, admission),
            new WatchRequests(store, time, stopping.Token),
            new LogRequests(store, time, stopping.Token),
            new MetricsRequests(store, options.LoadSwing, time),
            backlog,
            faults,
            new FaultyAnswers(faults, time),
            loggers.CreateLogger<ApiServer>());
        var app = Build(options.Port == 0 && IsFree(identity.Port) ? identity.Port : options.Port, options.Https ? certificate : null, faults.Connections, loggers);
        app.Run(server.HandleAsync);
        StoreJournal? journal = null;
        try
        {
            journal = options.DataDirectory is { } directory ? StoreJournal.Open(directory, store, time, loggers) : null;
            admission.Resume();
            ClusterContent.Add(writer, options);
            await app.StartAsync(cancellation);
        }
        catch
        {
            await stopping.CancelAsync();
            await loop.Stopped;
            await app.DisposeAsync();
            await (journal?.DisposeAsync() ?? ValueTask.CompletedTask);
            certificate.Dispose();
            stopping.Dispose();
            throw;
        }

        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.Single()
            ?? throw new UnreachableException("Kestrel has no address after its start."));
        if (options.DataDirectory is { } saved)
        {
            identity.Save(saved, address.Port);
        }

        var cluster = new SandboxCluster(app, server, loop, journal, stopping, certificate, address, token, faults, store);
        if (options.KubeconfigPath is { } path)
        {
            cluster.WriteKubeconfig(path);
        }

        return cluster;
    }

    /// <summary>Writes a kubeconfig for this cluster; it holds the token and so is readable by its owner only.</summary>
    public void WriteKubeconfig(string path)
    {
        SandboxKubeconfig.Write(path, Address, Token, CertificatePem);
        KubeconfigPath = Path.GetFullPath(path);
    }

    /// <summary>Carries requests of this process to the API server without the wire; they need the token all the same.</summary>
    internal HttpMessageHandler CreateHandler() => new InProcessHandler(_server.HandleAsync, Faults.Connections);

    /// <summary>Ends every open watch, as a restarting API server does; clients resume.</summary>
    public void CutWatches() => Store.EndWatches();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.Stopped;
        await _app.DisposeAsync();
        Faults.Connections.Close();
        await (_journal?.DisposeAsync() ?? ValueTask.CompletedTask);
        _certificate.Dispose();
        _stopping.Dispose();
    }

    private static bool IsFree(int port)
    {
        if (port == 0)
        {
            return false;
        }

        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static WebApplication Build(int port, X509Certificate2? certificate, ConnectionGate gate, ILoggerFactory loggers)
    {
        // Empty, not slim: the portal's own configuration, console and signal handling must not reach this inner server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "portal-sandbox" });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, InnerLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A client may hold a watch per kind on one connection.
            kestrel.Limits.Http2.MaxStreamsPerConnection = 2000;
            kestrel.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.Use(gate.Guard);
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        return builder.Build();
    }

    /// <summary>Leaves signals to the outer host.</summary>
    private sealed class InnerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
