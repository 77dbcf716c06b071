using Microsoft.AspNetCore.Components;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Feeds;
using Portal.Web.Auth;
using Portal.Web.Live;

namespace Portal.Web.Components;

/// <summary>Base of pages that show data: knows who looks, reads for the present address, and reads again when something changed.</summary>
/// <remarks>A page holds values only; every reading opens and closes its own unit of work through a query.</remarks>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private LiveView? _live;
    private int _reading;

    [Inject] public required CurrentActor Current { get; init; }

    [Inject] public required ChangeSignal Changes { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    [Inject] public required ILoggerFactory Loggers { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    /// <summary>Who looks at the page. Set before the first rendering.</summary>
    protected Actor Actor { get; private set; } = null!;

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Leaving => _leaving.Token;

    protected bool IsBehind => _live?.IsBehind ?? false;

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        if (_live is not null)
        {
            await _live.DisposeAsync();
        }

        _leaving.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads what the address asks for. The returned action puts it into the page; it is not run when a newer reading has begun.</summary>
    protected abstract Task<Action> ReadAsync(CancellationToken ct);

    /// <summary>Whether a change of this environment matters to the page.</summary>
    protected virtual bool Concerns(EnvironmentId id) => true;

    /// <summary>Hooks for further sources of hints, once the page is live.</summary>
    protected virtual void FollowMore(LiveView live)
    {
    }

    /// <summary>Finds out who looks before anything is rendered: a database that takes its time must not show a page without its reader.</summary>
    public override async Task SetParametersAsync(ParameterView parameters)
    {
        // The view is only valid until the first await.
        parameters.SetParameterProperties(this);
        Actor ??= await Current.GetAsync(Leaving);
        await base.SetParametersAsync(ParameterView.Empty);
    }

    protected override Task OnParametersSetAsync() => ReloadAsync(Leaving);

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _live = new(InvokeAsync, StateHasChanged, Time, Loggers.CreateLogger(GetType()));
            _live.Follow(hint => Changes.Listen(id => Hint(id, hint)), ReloadAsync);
            FollowMore(_live);
        }
    }

    protected async Task ReloadAsync(CancellationToken ct)
    {
        var reading = ++_reading;
        var show = await ReadAsync(ct);
        if (reading == _reading)
        {
            show();
        }
    }

    private void Hint(EnvironmentId id, Action hint)
    {
        if (Concerns(id))
        {
            hint();
        }
    }
}
