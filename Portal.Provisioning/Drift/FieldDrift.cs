namespace Portal.Provisioning.Drift;

/// <summary>A field that we render and that the live object has otherwise. Values are spelled for people and never a secret's.</summary>
/// <param name="Actual">Null when the field is not there.</param>
/// <param name="Manager">Who owns the field now, when that is somebody else and known: a field that is gone has no owner.</param>
public sealed record FieldDrift(string Path, string? Wanted, string? Actual, FieldOwner? Manager);
