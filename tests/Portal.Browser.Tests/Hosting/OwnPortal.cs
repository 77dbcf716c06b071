namespace Portal.Browser.Tests.Hosting;

/// <summary>A portal for one test class alone, for tests that kill it.</summary>
public sealed class OwnPortal : PortalFixture;
