namespace Invoicing.Authority.Intake;

/// <summary>The other end of a stream.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Cut">Ends the call without a word.</param>
internal sealed record IntakePeer(string Address, Action Cut);
