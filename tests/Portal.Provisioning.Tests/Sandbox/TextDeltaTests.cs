using System.Text;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Sandbox;

public sealed class TextDeltaTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("", "short")]
    [InlineData("", "abcabcabcabcabcabcabcabcabcabcabcabcabc")]
    [InlineData("""{"name":"web-1","uid":"0a1b"}""", """{"name":"web-2","uid":"9f8e"}""")]
    [InlineData("""{"a":"something long enough","b":1}""", """{"b":1,"a":"something long enough"}""")]
    public void Decode_OfWhatWasEncoded_GivesTheTextBack(string model, string text) => AssertSame(Encoding.UTF8.GetBytes(model), Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Decode_OfRandomEdits_GivesTheTextBack()
    {
        var random = new Random(4711);
        for (var round = 0; round < 500; round++)
        {
            var model = new byte[random.Next(0, 3000)];
            for (var i = 0; i < model.Length; i++)
            {
                model[i] = (byte)('a' + random.Next(3));
            }

            var text = model.ToList();
            for (var edit = 0; edit < 10; edit++)
            {
                var at = random.Next(text.Count + 1);
                if (random.Next(2) == 0)
                {
                    text.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(40)));
                }
                else
                {
                    text.RemoveRange(at, random.Next(text.Count - at + 1));
                }
            }

            AssertSame(model, [.. text]);
        }
    }

    [Fact]
    public void Encode_OfATextLikeItsModel_IsSmall()
    {
        var model = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(number => $"\"field{number}\":\"value {number * 7919}\",")) + "\"uid\":\"0a1b\"");
        var text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(model).Replace("0a1b", "9f8e", StringComparison.Ordinal));

        Assert.InRange(TextDelta.Encode(model, text).Length, 1, 30);
    }

    private static void AssertSame(byte[] model, byte[] text) => Assert.Equal(text, TextDelta.Decode(model, TextDelta.Encode(model, text), text.Length));
}
