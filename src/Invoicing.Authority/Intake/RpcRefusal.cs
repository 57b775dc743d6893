using Grpc.Core;

namespace Invoicing.Authority.Intake;

/// <summary>How a call is to end, and why.</summary>
/// <param name="Code">The status.</param>
/// <param name="Text">What was expected, what was found, what to do.</param>
internal sealed record RpcRefusal(StatusCode Code, string Text);
