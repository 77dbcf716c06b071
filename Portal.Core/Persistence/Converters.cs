using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Requests;

namespace Portal.Core.Persistence;

/// <summary>Times are stored as UTC instants: SQLite cannot order by an offset, PostgreSQL keeps none.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTime>(
    value => value.UtcDateTime,
    value => new DateTimeOffset(DateTime.SpecifyKind(value, DateTimeKind.Utc)));

internal sealed class EnvironmentIdConverter() : ValueConverter<EnvironmentId, Guid>(id => id.Value, value => new EnvironmentId(value));

internal sealed class RequestIdConverter() : ValueConverter<RequestId, long>(id => id.Value, value => new RequestId(value));

internal sealed class SpecConverter() : ValueConverter<EnvironmentSpec, string>(spec => SpecJson.Write(spec), json => SpecJson.Read(json));

/// <summary>An immutable value as one JSON text.</summary>
internal sealed class JsonConverter<T>() : ValueConverter<T, string>(
    value => JsonSerializer.Serialize(value, SpecJson.Options),
    json => JsonSerializer.Deserialize<T>(json, SpecJson.Options)!);

/// <summary>Immutable values are replaced whole, so the reference tells whether one changed.</summary>
internal sealed class ReferenceComparer<T>() : ValueComparer<T>(
    (left, right) => ReferenceEquals(left, right),
    value => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value!),
    value => value)
    where T : class;
