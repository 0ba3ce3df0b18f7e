using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.FleetProgram.Models;

/// <summary>A refusal, in the shape of OpenAI's error bodies. It never repeats what the client sent.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The machine-readable reason.</param>
/// <param name="Message">The reason for people.</param>
/// <param name="Param">The parameter at fault; null for none.</param>
/// <param name="Type">OpenAI's class of errors.</param>
internal sealed record ModelError(int Status, string Code, string Message, string? Param = null, string Type = "invalid_request_error")
{
    public static readonly ModelError NoKey = new(StatusCodes.Status401Unauthorized, "invalid_api_key",
        "No valid API key was given: one header is expected, 'Authorization: Bearer KEY'.");

    public static readonly ModelError RateExceeded = new(StatusCodes.Status429TooManyRequests, "rate_limit_exceeded",
        "The rate of this key is used up: try again after the seconds that Retry-After says.", Type: "requests");

    public static readonly ModelError Overloaded = new(StatusCodes.Status503ServiceUnavailable, "overloaded",
        "Too many requests wait for the model already.", Type: "server_error");

    public static readonly ModelError NoSuchPath = new(StatusCodes.Status404NotFound, "unknown_url", "There is nothing at this path.");

    public static readonly ModelError WrongMethod = new(StatusCodes.Status405MethodNotAllowed, "method_not_supported", "This path is asked by another method.");

    public static ModelError Limits(LimitException e) => new(StatusCodes.Status500InternalServerError, "misconfigured", $"Misconfigured: {e.Message}.", Type: "server_error");

    public static ModelError TooLarge(long most) =>
        new(StatusCodes.Status413PayloadTooLarge, "request_too_large", $"The body is longer than {most} bytes.");

    public static ModelError Bad(string? parameter, string message, string code = "invalid_value") =>
        new(StatusCodes.Status400BadRequest, code, message, parameter);

    public static ModelError NoSuchModel(string known) =>
        new(StatusCodes.Status404NotFound, "model_not_found", $"There is no such model here; there is {known}.", "model");

    /// <summary>The body.</summary>
    public JsonObject ToJson() => new()
    {
        ["error"] = new JsonObject { ["message"] = Message, ["type"] = Type, ["param"] = Param, ["code"] = Code },
    };
}
