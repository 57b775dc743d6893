namespace Invoicing.NationalXml.Responses;

/// <summary>What a 204 says of a message 206 (LTBao). The numbers are the law's.</summary>
/// <remarks>1, 3, 4 and 5 are for other messages. Source: Decision 1271/QĐ-CT, form 01/TB-KTDL.</remarks>
public enum CheckOutcome
{
    /// <summary>All in order.</summary>
    Accepted = 2,

    /// <summary>The invoices that it lists are not in order; all others are.</summary>
    SomeRejected = 7,

    /// <summary>The whole message is not in order.</summary>
    AllRejected = 9,
}
