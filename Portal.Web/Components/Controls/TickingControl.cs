using Microsoft.AspNetCore.Components;
using Portal.Web.Live;

namespace Portal.Web.Components.Controls;

/// <summary>Base of what shows a time that goes on: renders itself when its text changed, and nothing else on the page.</summary>
public abstract class TickingControl : ComponentBase, IDisposable
{
    private IDisposable? _ticks;
    private string _shown = "";

    [Inject] public required PageClock Clock { get; init; }

    public void Dispose()
    {
        _ticks?.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract string Text();

    protected override void OnAfterRender(bool firstRender)
    {
        _shown = Text();
        if (firstRender)
        {
            _ticks = Clock.Listen(() => _ = InvokeAsync(Refresh));
        }
    }

    private void Refresh()
    {
        if (Text() != _shown)
        {
            StateHasChanged();
        }
    }
}
