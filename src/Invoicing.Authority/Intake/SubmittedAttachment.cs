namespace Invoicing.Authority.Intake;

/// <summary>An attachment as it was submitted.</summary>
internal readonly record struct SubmittedAttachment(ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Content);
