namespace Portal.Web.Models;

/// <summary>One tab: a link, so that a tab has an address.</summary>
public sealed record TabLink(string Key, string Text, string Href, int? Count = null);
