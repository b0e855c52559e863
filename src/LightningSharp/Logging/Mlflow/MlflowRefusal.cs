using System.Net;

namespace LightningSharp.Logging.Mlflow;

/// <summary>The server answered, but not with success.</summary>
internal sealed class MlflowRefusal(HttpStatusCode status, string code, string message)
    : Exception($"The MLflow server answered {(int)status} {code}: {TextEscape.ForConsole(message)}")
{
    internal HttpStatusCode Status { get; } = status;

    internal string Code { get; } = code;

    /// <summary>Whether the same request may succeed later; a malformed one never will.</summary>
    internal bool MayPass => Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        || (int)Status >= 500 || (Status == HttpStatusCode.NotFound && Code.Length == 0);
}
