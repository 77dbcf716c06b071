using Portal.Core.Feeds;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Live;

namespace Portal.Web.Live;

/// <summary>Turns what changes on the cluster of one environment into hints for a <see cref="LiveView"/>.</summary>
public static partial class ClusterHints
{
    /// <remarks>The hint is called from the feeds' readers and must only note it. Disposing leaves the feeds and the link.</remarks>
    public static IDisposable Listen(LiveEnvironment environment, Action hint, ILogger logger) => new Listener(environment, hint, logger);

    [LoggerMessage(LogLevel.Error, "A feed of live rows ended by a fault; the page that it served shows old rows until it is opened again.")]
    private static partial void LogFault(ILogger logger, Exception fault);

    private sealed class Listener : IDisposable
    {
        private readonly List<IDisposable> _feeds = [];

        public Listener(LiveEnvironment environment, Action hint, ILogger logger)
        {
            Follow(environment.SubscribePods(), hint, logger);
            Follow(environment.SubscribeEvents(), hint, logger);
            _feeds.Add(environment.OnLinkChanged(hint));
        }

        // A feed's changes end when its subscription is disposed, so the readers need no token of their own.
        public void Dispose() => _feeds.ForEach(feed => feed.Dispose());

        private void Follow<TRow>(FeedSubscription<ObjectRef, TRow> feed, Action hint, ILogger logger)
            where TRow : class, IFeedRow<ObjectRef>
        {
            _feeds.Add(feed);
            _ = PumpAsync(feed, hint, logger);
        }

        private static async Task PumpAsync<TRow>(FeedSubscription<ObjectRef, TRow> feed, Action hint, ILogger logger)
            where TRow : class, IFeedRow<ObjectRef>
        {
            try
            {
                await foreach (var _ in feed.ChangesAsync(CancellationToken.None).ConfigureAwait(false))
                {
                    hint();
                }
            }
            catch (Exception fault)
            {
                LogFault(logger, fault);
                throw;
            }
        }
    }
}
