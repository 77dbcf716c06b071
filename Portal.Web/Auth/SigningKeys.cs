using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Portal.Core.Persistence;

namespace Portal.Web.Auth;

/// <summary>Keeps the keys that sign cookies in the database, so that a restart or a second replica keeps people signed in.</summary>
internal sealed class SigningKeys(PortalSessions sessions) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => sessions.ReadSigningKeys().Select(xml => XElement.Parse(xml)).ToList();

    public void StoreElement(XElement element, string friendlyName) =>
        sessions.StoreSigningKey(friendlyName, element.ToString(SaveOptions.DisableFormatting));
}
