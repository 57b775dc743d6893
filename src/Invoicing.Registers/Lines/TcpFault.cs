using System.Net.Sockets;

namespace Invoicing.Registers.Lines;

/// <summary>Says why TCP does not work and what to do.</summary>
internal static class TcpFault
{
    /// <summary>Why a register cannot be called.</summary>
    internal static string OfCall(SocketException fault) => fault.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "it answers, but nothing listens on that port; is the register switched on, and the port right?",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
            "there is no host of that name; write its address, or see to the name server",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown =>
            "it cannot be reached; are both ends on the network, and is the address right?",
        SocketError.TimedOut => "it does not answer; is it switched on and on the network?",
        SocketError.TooManyOpenSockets => "this program has too many files open",
        _ => fault.Message,
    };

    /// <summary>Why a port cannot be listened on.</summary>
    internal static string OfListening(SocketException fault) => fault.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "another program listens on that port; close it, or choose another port",
        SocketError.AddressNotAvailable => "this machine does not have that address; listen on one of its own, or on 0.0.0.0",
        SocketError.AccessDenied => "ports below 1024 need a right that this user does not have; choose a higher one",
        SocketError.TooManyOpenSockets => "this program has too many files open",
        _ => fault.Message,
    };
}
