using Portal.Web.Hosting;

return await PortalHost.RunAsync(args);

/// <summary>Public, so that tests can start the real application in their process.</summary>
public partial class Program;
