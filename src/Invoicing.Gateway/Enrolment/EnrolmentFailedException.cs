namespace Invoicing.Gateway.Enrolment;

/// <summary>An enrolment or a renewal did not come about.</summary>
internal sealed class EnrolmentFailedException(string message, EnrolmentFailure failure, Exception? innerException = null)
    : InvoicingException(message, isTransient: failure == EnrolmentFailure.NoAnswer, innerException)
{
    /// <summary>Why.</summary>
    public EnrolmentFailure Failure { get; } = failure;
}
