using Portal.Browser.Tests.Browser;
using Portal.Browser.Tests.Hosting;

// Most of a journey is waiting for the cluster; two at a time keep two cores busy and leave no test starved.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
[assembly: AssemblyFixture(typeof(PortalFixture))]
[assembly: AssemblyFixture(typeof(Chromium))]
