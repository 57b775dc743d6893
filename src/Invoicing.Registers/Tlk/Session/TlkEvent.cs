namespace Invoicing.Registers.Tlk.Session;

/// <summary>What people are told about a register's line.</summary>
internal enum TlkEvent
{
    Welcomed,
    Waiting,
    Refused,
    Recovering,
    Lost,
    Conflict,
    Behind,
    NotNow,
    Malformed,
    Silent,
    RegisterFault,
    Timed,
    Leased,
    Unsealed,
}
