using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace Portal.Web.Tests.Components;

/// <summary>What a person does on a page.</summary>
/// <remarks>
/// Pages render themselves anew when something changes. Each action finds its element and acts on it in one turn of the renderer, because an
/// element found before a rendering has no handler after it.
/// </remarks>
internal static class PersonActions
{
    public static Task ClickAsync<T>(this IRenderedComponent<T> page, string selector, int index = 0)
        where T : IComponent => page.ClickAsync(() => page.FindAll(selector)[index]);

    public static Task ClickAsync<T>(this IRenderedComponent<T> page, Func<IElement> find)
        where T : IComponent => page.InvokeAsync(() => find().ClickAsync(new()));

    public static Task TypeAsync<T>(this IRenderedComponent<T> page, string selector, string text)
        where T : IComponent => page.InvokeAsync(() => page.Find(selector).InputAsync(new() { Value = text }));

    public static Task ChooseAsync<T>(this IRenderedComponent<T> page, string selector, string value)
        where T : IComponent => page.InvokeAsync(() => page.Find(selector).ChangeAsync(new() { Value = value }));

    public static Task SubmitAsync<T>(this IRenderedComponent<T> page, string selector = "form")
        where T : IComponent => page.InvokeAsync(() => page.Find(selector).SubmitAsync());
}
