using System.Globalization;
using System.Text;

namespace Portal.Provisioning.Sandbox;

/// <summary>The continue token of a paged list: after which object to go on, and which version the list stands for.</summary>
internal sealed record ListPosition(long Version, string Namespace, string Name)
{
    public bool IsBefore(StoredObject item)
    {
        var order = string.CompareOrdinal(item.Namespace, Namespace);
        return order > 0 || (order == 0 && string.CompareOrdinal(item.Name, Name) > 0);
    }

    public static ListPosition? Parse(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        var bytes = new byte[token.Length];
        if (Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split('\n') is [var version, var ns, var name]
            && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return new ListPosition(number, ns, name);
        }

        throw ApiFault.BadRequest("continue key is not valid");
    }

    public override string ToString() =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Version}\n{Namespace}\n{Name}")));
}
