namespace Invoicing.Registers.Datecs.Isl;

/// <summary>What became of one request.</summary>
/// <param name="Reply">The reply; <see langword="null"/> if none came.</param>
/// <param name="Failure">Why none came.</param>
internal readonly record struct IslAnswer(IslFrame? Reply, IslFailure Failure);
