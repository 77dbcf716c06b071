namespace Portal.Provisioning.Sandbox;

/// <summary>Takes something back when it is disposed, once.</summary>
internal sealed class Removal(Action remove) : IDisposable
{
    private Action? _remove = remove;

    public void Dispose() => Interlocked.Exchange(ref _remove, null)?.Invoke();
}
