namespace Portal.Web.Components;

/// <summary>Names the resource files of the interface: the English sentence is the key, PortalTexts.id.resx holds Bahasa Indonesia.</summary>
public sealed class PortalTexts;
