using Microsoft.AspNetCore.Http;
using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.Edge;

/// <summary>An edge and its origin for each test.</summary>
public abstract class EdgeTest : IAsyncLifetime
{
    private protected LocalEdge Edge { get; private set; } = null!;

    private protected Origin Origin { get; private set; } = null!;

    private protected virtual EnvironmentSpec Spec => LocalEdge.Spec;

    private protected RenderedStack Stack { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Stack = RenderedText.Stack(Spec);
        var upstream = LocalEdge.Upstream(Stack);
        Origin = await Origin.StartAsync(AnswerAsync, upstream);
        Edge = await LocalEdge.StartAsync(Stack, upstream, Origin.Port);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Edge.DisposeAsync();
        await Origin.DisposeAsync();
    }

    /// <summary>Says who asked and how often this was asked before, and nothing of how long it may be kept.</summary>
    private protected virtual Task AnswerAsync(HttpContext context)
    {
        var target = context.Request.Path + context.Request.QueryString.Value;
        return context.Response.WriteAsync($"{context.Request.Headers.Authorization}{context.Request.Headers.Cookie} #{Origin.Hits(target)}");
    }

    private protected Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => Edge.GetAsync(path, headers);
}
