using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Tests.Blueprint;

public sealed class TemplateTests
{
    [Fact]
    public void Fill_EveryPlaceholder_GivesTheText() =>
        Assert.Equal("listen 80; 80 b@c.example @Name@", new Template("x.conf", "listen @PORT@; @PORT@ b@c.example @Name@").Fill(("PORT", "80")));

    [Fact]
    public void Fill_UnknownPlaceholder_Throws()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Template("x.conf", "listen @PORT@;").Fill());

        Assert.Equal("x.conf: no value for the placeholder @PORT@.", error.Message);
    }

    [Fact]
    public void Fill_UnusedValue_Throws()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Template("x.conf", "listen 80;").Fill(("PORT", "80")));

        Assert.Equal("x.conf has no placeholder @PORT@.", error.Message);
    }

    [Fact]
    public void Fill_ValueThatLooksLikeAPlaceholder_IsNotFilledAgain() =>
        Assert.Equal("@B@", new Template("x.conf", "@A@").Fill(("A", "@B@")));
}
