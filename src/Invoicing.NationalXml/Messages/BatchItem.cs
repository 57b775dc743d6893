using System.Collections.Immutable;
using Invoicing.Invoices;

namespace Invoicing.NationalXml.Messages;

/// <summary>What comes of invoices on their way into messages.</summary>
public abstract record BatchItem
{
    private BatchItem()
    {
    }

    /// <summary>A message is ready.</summary>
    /// <param name="Content">The message.</param>
    public sealed record Ready(SignedMessage Content) : BatchItem;

    /// <summary>An invoice does not fit the law's file and is in no message.</summary>
    /// <param name="Part">Which.</param>
    /// <param name="Faults">Every rule that it breaks.</param>
    public sealed record LeftOut(MessagePart Part, ImmutableArray<RuleFault> Faults) : BatchItem;
}
