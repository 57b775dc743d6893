using Invoicing.Sales;

namespace Invoicing.Gateway.Journal;

/// <summary>Asks the authority what it knows of a register.</summary>
internal interface IRegisterHistory
{
    /// <summary>Asks once.</summary>
    /// <returns>What the authority knows, or why there is no answer now.</returns>
    Task<RegisterHistory> AskAsync(RegisterId register, ulong epoch, CancellationToken cancellationToken);
}
