namespace Invoicing.NationalXml.Signatures;

/// <summary>What of a message is signed, and under which names.</summary>
/// <param name="DataId">Id of the element that is signed.</param>
/// <param name="SignatureId">Id of the signature.</param>
/// <param name="TimeId">Id of the Object with the time of signing.</param>
/// <param name="TargetNamesSignature">Whether the property's Target is <c>#</c> and the signature's Id, or empty.</param>
internal readonly record struct SignaturePlace(string DataId, string SignatureId, string TimeId, bool TargetNamesSignature)
{
    /// <summary>The seller's signature of a message 206, in CKSNNT.</summary>
    public static SignaturePlace Invoices(bool targetNamesSignature) => new("data-1", "NNT-1", "time-1", targetNamesSignature);

    /// <summary>The seller's signature of a notice, in DSCKS/NNT.</summary>
    public static SignaturePlace Notice(bool targetNamesSignature) => new("notice-1", "NNT-1", "time-1", targetNamesSignature);
}
