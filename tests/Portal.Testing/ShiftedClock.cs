namespace Portal.Testing;

/// <summary>The real clock, which a test can let jump forward or back. Timers keep their real pace.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long _shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _shift));

    public void Jump(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);
}
