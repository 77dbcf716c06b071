namespace Portal.Web.Models;

/// <summary>The meaning of a colour. Pages know tones; only the style sheet knows colours.</summary>
public enum Tone
{
    Neutral,
    Good,
    Busy,
    Warning,
    Bad,
}

/// <summary>How a state is shown: always a word and an icon beside the colour.</summary>
/// <param name="Text">English; components pass it through the localizer.</param>
public sealed record Badge(string Text, Tone Tone, Icon Icon)
{
    public string ToneClass => $"tone-{Tone.ToString().ToLowerInvariant()}";
}
