namespace Portal.Provisioning.Sandbox;

/// <summary>The shapes that a schema tells apart.</summary>
internal enum SchemaShape
{
    Any,
    Text,
    Integer,
    Number,
    Flag,
    Quantity,
    Time,
    Object,
    Map,
    List,
}
