namespace Invoicing.Authority.Enrolment;

/// <summary>Where a client stands. The numbers are those of the registry.</summary>
internal enum ClientStanding
{
    /// <summary>Let in.</summary>
    Active = 1,

    /// <summary>Kept out until it is resumed; a device may renew its certificate meanwhile.</summary>
    Suspended = 2,

    /// <summary>Put out for good: lost, stolen, not trusted any more.</summary>
    Revoked = 3,

    /// <summary>Put out for good in good order: replaced, or out of use.</summary>
    Retired = 4,
}
