using Microsoft.Extensions.Configuration;
using Portal.Provisioning.Blueprint;
using Portal.Web.Options;

namespace Portal.Web.Tests.Options;

public sealed class PlatformSettingsReaderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("portal-settings-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Platform_NothingConfigured_IsTheDefault() => Assert.Equal(PlatformSettings.Default, Read());

    [Fact]
    public void Platform_MailHostAndSender_HasTheSubmissionPortAndRequiresTls() =>
        Assert.Equal(new MailServer("mail.example", 587, "alerts@portal.example", true), Read(("Platform:Mail:Host", "mail.example"), ("Platform:Mail:From", "alerts@portal.example")).Mail);

    [Fact]
    public void Platform_Everything_IsRead()
    {
        var platform = Read(
            ("Platform:Registry", "registry.example:5000/mirror/hub"), ("Platform:PullSecret", "pull"), ("Platform:SecretsNamespace", "platform"), ("Platform:Mail:Host", "192.0.2.7"),
            ("Platform:Mail:Port", "25"), ("Platform:Mail:From", "alerts@portal.example"), ("Platform:Mail:RequireTls", "false"));

        Assert.Equal(
            new PlatformSettings { Registry = "registry.example:5000/mirror/hub", PullSecret = "pull", SecretsNamespace = "platform", Mail = new("192.0.2.7", 25, "alerts@portal.example", false) },
            platform);
    }

    [Theory]
    [InlineData("Platform:Registry", "https://registry.example", "without https://")]
    [InlineData("Platform:Registry", "registry.example/", "without a slash at the end")]
    [InlineData("Platform:Registry", "mirror", "host name")]
    [InlineData("Platform:PullSecret", "Pull Secret", "lower-case")]
    [InlineData("Platform:SecretsNamespace", "Platform", "name of a namespace")]
    [InlineData("Platform:Mail:Host", "mail.example:25", "without the port")]
    [InlineData("Platform:Mail:From", "alerts", "alerts@portal.example")]
    [InlineData("Platform:Mail:From", "a'{{b}}@portal.example", "alerts@portal.example")]
    [InlineData("Platform:Mail:Port", "0", "1 to 65535")]
    [InlineData("Platform:Mail:RequireTls", "maybe", "true or false")]
    [InlineData("Platform:Mail:Hots", "mail.example", "Platform:Mail:Host, Platform:Mail:Port")]
    [InlineData("Platform:Mail", "mail.example", "Platform:Mail:Host")]
    public void Platform_SettingThatCannotWork_IsNamedInOneLine(string key, string value, string says)
    {
        var usual = new Dictionary<string, string?> { ["Platform:Mail:Host"] = "mail.example", ["Platform:Mail:From"] = "alerts@portal.example" };
        if (key == "Platform:Mail")
        {
            usual.Clear();
        }

        usual[key] = value;

        var problem = Assert.Single(Assert.Throws<StartupException>(() => Read([.. usual.Select(each => (each.Key, each.Value))])).Problems);

        Assert.StartsWith($"{key}: ", problem, StringComparison.Ordinal);
        Assert.Contains(says, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Platform:Mail:Host", "mail.example", "Platform:Mail:From")]
    [InlineData("Platform:Mail:From", "alerts@portal.example", "Platform:Mail:From")]
    [InlineData("Platform:Mail:Port", "25", "Platform:Mail:Port")]
    public void Platform_HalfAMailServer_IsToldWhatIsMissing(string key, string value, string named)
    {
        var problem = Assert.Single(Assert.Throws<StartupException>(() => Read((key, value))).Problems);

        Assert.StartsWith($"{named}: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ObjectStore_EndpointAndBucket_HasTheUsualRegionSecretAndPathStyle() =>
        Assert.Equal(
            new S3Store(new("https://objects.example:9000"), "us-east-1", "backups", "object-store"),
            Read(("Platform:ObjectStore:Endpoint", "https://objects.example:9000"), ("Platform:ObjectStore:Bucket", "backups")).ObjectStore);

    [Fact]
    public void ObjectStore_Everything_IsRead() =>
        Assert.Equal(
            new S3Store(new("https://s3.eu-central-1.amazonaws.com"), "eu-central-1", "acme.backups", "s3-login") { Prefix = "portal/one", PathStyle = false, Cidr = "10.20.0.0/16" },
            Read(
                ("Platform:ObjectStore:Endpoint", "https://s3.eu-central-1.amazonaws.com"), ("Platform:ObjectStore:Region", "eu-central-1"), ("Platform:ObjectStore:Bucket", "acme.backups"),
                ("Platform:ObjectStore:Prefix", "portal/one"), ("Platform:ObjectStore:PathStyle", "false"), ("Platform:ObjectStore:Secret", "s3-login"), ("Platform:ObjectStore:Cidr", "10.20.0.0/16")).ObjectStore);

    [Theory]
    [InlineData("Endpoint", "objects.example", "https://objects.example:9000")]
    [InlineData("Endpoint", "https://key:secret@objects.example", "without a path, a login")]
    [InlineData("Endpoint", "https://objects.example/", "slash at the end")]
    [InlineData("Endpoint", "https://objects.example:99999", "its port")]
    [InlineData("Region", "EU central", "eu-central-1")]
    [InlineData("Bucket", "My_Bucket", "lower-case letters")]
    [InlineData("Prefix", "/portal", "single slashes")]
    [InlineData("Prefix", "portal/../other", "single slashes")]
    [InlineData("PathStyle", "maybe", "true or false")]
    [InlineData("Secret", "Object Store", "lower-case")]
    [InlineData("Cidr", "10.20.0.1/16", "10.20.0.0/16")]
    [InlineData("Cidr", "10.20.0.1", "10.20.0.0/16")]
    [InlineData("AccessKey", "AKIA", "Platform:ObjectStore:Secret")]
    public void ObjectStore_SettingThatCannotWork_IsNamedInOneLine(string key, string value, string says)
    {
        var usual = new Dictionary<string, string?> { ["Platform:ObjectStore:Endpoint"] = "https://objects.example", ["Platform:ObjectStore:Bucket"] = "backups", [$"Platform:ObjectStore:{key}"] = value };

        var problem = Assert.Single(Assert.Throws<StartupException>(() => Read([.. usual.Select(each => (each.Key, each.Value))])).Problems);

        Assert.StartsWith($"Platform:ObjectStore:{key}: ", problem, StringComparison.Ordinal);
        Assert.Contains(says, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Endpoint", "https://objects.example", "Bucket")]
    [InlineData("Bucket", "backups", "Bucket")]
    [InlineData("Cidr", "10.20.0.0/16", "Cidr")]
    [InlineData("Secret", "s3-login", "Secret")]
    public void ObjectStore_HalfOfOne_IsToldWhatIsMissing(string key, string value, string named)
    {
        var problem = Assert.Single(Assert.Throws<StartupException>(() => Read(($"Platform:ObjectStore:{key}", value))).Problems);

        Assert.StartsWith($"Platform:ObjectStore:{named}: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ObjectStore_AtAPrivateAddress_NeedsItsRange()
    {
        var problem = Assert.Single(Assert.Throws<StartupException>(() => Read(("Platform:ObjectStore:Endpoint", "http://10.20.3.4:9000"), ("Platform:ObjectStore:Bucket", "backups"))).Problems);

        Assert.StartsWith("Platform:ObjectStore:Cidr: ", problem, StringComparison.Ordinal);
        Assert.Contains("10.20.3.4/32", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ObjectStore_EndpointWithALogin_IsRefusedWithoutRepeatingIt()
    {
        var problems = Assert.Throws<StartupException>(() => Read(("Platform:ObjectStore:Endpoint", "https://key:hunter2@objects.example"), ("Platform:ObjectStore:Bucket", "backups"))).Problems;

        Assert.DoesNotContain("hunter2", string.Join('\n', problems), StringComparison.Ordinal);
    }

    [Fact]
    public void IngressControllers_ClassAndService_HaveTheUsualPorts() => Assert.Equal(
        [new IngressController("internal", new("ingress-system", "controller"), 80, 80)],
        Read(("Platform:IngressControllers:0:Class", "internal"), ("Platform:IngressControllers:0:Service", "ingress-system/controller")).IngressControllers);

    [Fact]
    public void IngressControllers_Several_AreReadInTheirOrder() => Assert.Equal(
        [
            new IngressController("shared", new("ingress-system", "controller"), 8080, 8000),
            // The pods have the Service's port unless it is said, and a class of the other kind may have the same name.
            new("shared", new("gateway-system", "proxies"), 8080, 8080, new("gateway-system", "internal")),
        ],
        Read(
            ("Platform:IngressControllers:0:Class", "shared"), ("Platform:IngressControllers:0:Service", "ingress-system/controller"), ("Platform:IngressControllers:0:Port", "8080"), ("Platform:IngressControllers:0:PodPort", "8000"),
            ("Platform:IngressControllers:1:Class", "shared"), ("Platform:IngressControllers:1:Service", "gateway-system/proxies"), ("Platform:IngressControllers:1:Port", "8080"), ("Platform:IngressControllers:1:Gateway", "gateway-system/internal")).IngressControllers);

    [Theory]
    [InlineData("0:Class", "My Class", "IngressClass or a GatewayClass")]
    [InlineData("0:Class", null, "it is missing")]
    [InlineData("0:Service", null, "NAMESPACE/SERVICE")]
    [InlineData("0:Service", "controller", "NAMESPACE/SERVICE")]
    [InlineData("0:Service", "ingress-system/controller:80", "NAMESPACE/SERVICE")]
    [InlineData("0:Service", "ingress-system/con'; troller", "NAMESPACE/SERVICE")]
    [InlineData("0:Port", "0", "1 to 65535")]
    [InlineData("0:PodPort", "web", "1 to 65535")]
    [InlineData("0:Gateway", "internal", "NAMESPACE/GATEWAY")]
    [InlineData("0:Ports", "80", "Platform:IngressControllers:0:Port, Platform:IngressControllers:0:PodPort")]
    [InlineData("Class", "internal", "Platform:IngressControllers:0:Class")]
    public void IngressControllers_SettingThatCannotWork_IsNamedInOneLine(string key, string? value, string says)
    {
        var usual = new Dictionary<string, string?>
        {
            ["Platform:IngressControllers:0:Class"] = "internal", ["Platform:IngressControllers:0:Service"] = "ingress-system/controller", [$"Platform:IngressControllers:{key}"] = value,
        };

        var problem = Assert.Single(Assert.Throws<StartupException>(() => Read([.. usual.Select(each => (each.Key, each.Value))])).Problems);

        Assert.StartsWith($"Platform:IngressControllers:{key}: ", problem, StringComparison.Ordinal);
        Assert.Contains(says, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void IngressControllers_TwoOfOneClass_AreRefused()
    {
        var problem = Assert.Single(Assert.Throws<StartupException>(() => Read(
            ("Platform:IngressControllers:0:Class", "internal"), ("Platform:IngressControllers:0:Service", "ingress-system/one"),
            ("Platform:IngressControllers:1:Class", "internal"), ("Platform:IngressControllers:1:Service", "ingress-system/two"))).Problems);

        Assert.StartsWith("Platform:IngressControllers:1:Class: \"internal\" is described twice", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void IngressControllers_AsATextOfTheirOwn_AreRefused() =>
        Assert.StartsWith("Platform:IngressControllers: ", Assert.Single(Assert.Throws<StartupException>(() => Read(("Platform:IngressControllers", "internal"))).Problems), StringComparison.Ordinal);

    private PlatformSettings Read(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)))
            .Build();
        return PortalSettingsReader.Read(configuration, _directory).Platform;
    }
}
