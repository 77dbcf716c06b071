namespace Portal.Web.Models;

/// <summary>The pictures that pages use. Drawn as paths, so that they are there before any font is.</summary>
public enum Icon
{
    Check,
    Circle,
    Clock,
    Progress,
    Warning,
    Cross,
    Question,
    Pause,
    Plus,
    Minus,
    Change,
    Keep,
    Copy,
    Sun,
    Moon,
    System,
    Person,
    Menu,
    Search,
    Trash,
    Stack,
    Inbox,
    Arrow,
    Back,
    Globe,
}

/// <summary>Path data on a grid of 16 by 16, stroked.</summary>
public static class IconPaths
{
    public static string Path(Icon icon) => icon switch
    {
        Icon.Check => "M3 8.5l3.5 3.5L13 4.5",
        Icon.Circle => "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11z",
        Icon.Clock => "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2zM8 4.8V8l2.3 1.6",
        Icon.Progress => "M13.5 8a5.5 5.5 0 1 1-2-4.2M13.8 1.8v3h-3",
        Icon.Warning => "M8 2l6.5 11.5h-13zM8 6.2v3.4M8 11.4v.4",
        Icon.Cross => "M4 4l8 8M12 4l-8 8",
        Icon.Question => "M5.4 6a2.6 2.6 0 1 1 3.9 2.3C8.4 8.8 8 9.3 8 10.2M8 12.6v.4",
        Icon.Pause => "M5.5 3.5v9M10.5 3.5v9",
        Icon.Plus => "M8 3v10M3 8h10",
        Icon.Minus => "M3 8h10",
        Icon.Change => "M3 5.5h9M9.5 3L12 5.5L9.5 8M13 10.5H4M6.5 8L4 10.5L6.5 13",
        Icon.Keep => "M3 6h10M3 10h10",
        Icon.Copy => "M6 5.5h7v8H6zM10 5.5v-3H3v8h3",
        Icon.Sun => "M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9L13 13M13 3l-1.1 1.1M4.1 11.9L3 13",
        Icon.Moon => "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z",
        Icon.System => "M2 3h12v8H2zM6 14h4M8 11v3",
        Icon.Person => "M8 2.5a2.7 2.7 0 1 0 0 5.4a2.7 2.7 0 1 0 0-5.4zM2.8 14c.4-3 2.6-4.3 5.2-4.3s4.8 1.3 5.2 4.3",
        Icon.Menu => "M2.5 4h11M2.5 8h11M2.5 12h11",
        Icon.Search => "M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9zM10.3 10.3L14 14",
        Icon.Trash => "M2.5 4.5h11M6 4.5V2.5h4v2M4 4.5l.7 9h6.6l.7-9",
        Icon.Stack => "M8 2l6 3l-6 3l-6-3zM2 8l6 3l6-3M2 11l6 3l6-3",
        Icon.Inbox => "M2 9.5L4 3h8l2 6.5V13H2zM2 9.5h3.5l1 2h3l1-2H14",
        Icon.Arrow => "M3 8h10M9 4l4 4l-4 4",
        Icon.Back => "M6 3L2.5 6.5L6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H6.5",
        Icon.Globe => "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2zM2 8h12M8 2c2.2 2 2.2 10 0 12M8 2c-2.2 2-2.2 10 0 12",
        _ => throw new ArgumentOutOfRangeException(nameof(icon), icon, "Unknown icon."),
    };
}
