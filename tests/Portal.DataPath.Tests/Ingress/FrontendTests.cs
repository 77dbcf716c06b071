using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Web;

namespace Portal.DataPath.Tests.Ingress;

/// <summary>The frontend's site: a single-page application.</summary>
public sealed class FrontendTests : IAsyncLifetime
{
    private static readonly EnvironmentSpec s_preset = Presets.Create(Preset.Small, Purpose.Production, "shop.apps.example");

    private LocalNginx _nginx = null!;
    private Browser _browser = null!;

    public async ValueTask InitializeAsync() => (_nginx, _browser) = await LocalTier.FrontendAsync(
        s_preset with { Frontend = s_preset.Frontend with { Env = ["API_URL=https://api.example/?a=\"</script>"] } },
        ("index.html", "<div id=root>"), ("assets/app.3f9a.js", "x=1"), ("robots.txt", "User-agent: *"), (".git/config", "hidden"), ("assets/.env", "hidden"),
        (".well-known/security.txt", "Contact: a"), ("env.js", "from the image"));

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _nginx.DisposeAsync();
    }

    [Theory]
    [InlineData("/", 200, "<div id=root>", "no-cache")]
    [InlineData("/orders/42", 200, "<div id=root>", "no-cache")]
    [InlineData("/assets/app.3f9a.js", 200, "x=1", "public, max-age=31536000, immutable")]
    [InlineData("/robots.txt", 200, "User-agent: *", "")]
    [InlineData("/.well-known/security.txt", 200, "Contact: a", "")]
    [InlineData("/assets/gone.js", 404, null, "")]
    [InlineData("/main.gone.js", 404, null, "")]
    [InlineData("/.git/config", 404, null, "")]
    [InlineData("/assets/.env", 404, null, "")]
    [InlineData("/healthz", 200, "ok\n", "")]
    public async Task Path_OfTheSite_IsAnsweredAndKeptAsItShould(string path, int status, string? body, string cache)
    {
        var answer = await _browser.GetAsync($"http://shop.apps.example{path}");

        Assert.Equal((status, cache), (answer.Status, answer.Headers.GetValueOrDefault("Cache-Control", "")));
        Assert.Equal(body ?? answer.Text, answer.Text);
    }

    [Fact]
    public async Task Settings_OfTheSpec_AreAScriptThatIsNeverKeptAndWinsOverTheImages()
    {
        var answer = await _browser.GetAsync("http://shop.apps.example/env.js");

        Assert.Equal((200, "no-store"), (answer.Status, answer.Headers["Cache-Control"]));
        Assert.Equal("window.ENV = {\"API_URL\":\"https://api.example/?a=\\u0022\\u003C/script\\u003E\"};\n", answer.Text);
    }
}
