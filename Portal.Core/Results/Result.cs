namespace Portal.Core.Results;

/// <summary>What a command answers: a value, or every reason why it was refused.</summary>
public sealed class Result<T>
{
    private readonly T? _value;

    private Result(T? value, IReadOnlyList<Error> errors)
    {
        _value = value;
        Errors = errors;
    }

    public IReadOnlyList<Error> Errors { get; }

    public bool IsSuccess => Errors.Count == 0;

    /// <exception cref="InvalidOperationException">The command was refused: look at <see cref="IsSuccess"/> first.</exception>
    public T Value => IsSuccess ? _value! : throw new InvalidOperationException($"Refused: {Errors[0].Message}");

    public TOut Match<TOut>(Func<T, TOut> success, Func<IReadOnlyList<Error>, TOut> failure) =>
        IsSuccess ? success(_value!) : failure(Errors);

#pragma warning disable CA1000, CA2225 // Implicit conversions are the whole point: a command returns the value or the error.
    public static implicit operator Result<T>(T value) => new(value, []);

    public static implicit operator Result<T>(Error error) => new(default, [error]);

    public static implicit operator Result<T>(List<Error> errors) => Refused(errors);

    public static Result<T> Refused(IReadOnlyList<Error> errors) =>
        errors.Count > 0 ? new(default, errors) : throw new ArgumentException("A refusal needs a reason.", nameof(errors));
#pragma warning restore CA1000, CA2225
}

/// <summary>The value of a command that has nothing to return.</summary>
public readonly record struct Done;
