namespace Portal.Core.Feeds;

/// <summary>An immutable row of a feed.</summary>
public interface IFeedRow<out TKey>
{
    TKey Key { get; }

    /// <summary>What a page may ask for alone, such as the namespace of one environment. A row never changes its scope.</summary>
    string Scope { get; }

    /// <summary>Grows with every change of the row; an older one that comes late is ignored.</summary>
    long Version { get; }
}
