using System.Diagnostics;

namespace Portal.Testing;

/// <summary>Waits for a condition with a deadline, and prints the last state seen when it does not come.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Reads the state until the condition holds, and returns the state that satisfied it.</summary>
    /// <param name="every">The pause between readings, for what is dear to read.</param>
    /// <exception cref="TimeoutException">The condition did not hold in time; the message holds the last state.</exception>
    public static async Task<T> Holds<T>(Func<Task<T>> read, Func<T, bool> condition, string what, TimeSpan? within = null, TimeSpan? every = null)
    {
        var deadline = within ?? s_patience;
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var state = await read();
            if (condition(state))
            {
                return state;
            }

            if (clock.Elapsed > deadline)
            {
                throw new TimeoutException($"Waited {deadline.TotalSeconds:0.#} s for: {what}. Last state: {state}");
            }

            await Task.Delay(every ?? s_pause, TimeProvider.System);
        }
    }

    public static Task Holds(Func<bool> condition, string what, TimeSpan? within = null) =>
        Holds(() => Task.FromResult(condition()), held => held, what, within);
}
