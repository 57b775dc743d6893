using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>The functions of <c>test/tlk_stepped.c</c>, of one build of the client.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class ClientLibrary : IDisposable
{
    private readonly nint _library;

    private ClientLibrary(nint library)
    {
        _library = library;
        New = (delegate* unmanaged[Cdecl]<byte*, byte*, byte*, uint, byte*, ulong, uint, uint, uint, nint>)Find("new");
        Free = (delegate* unmanaged[Cdecl]<nint, void>)Find("free");
        Clock = (delegate* unmanaged[Cdecl]<nint, ulong, long, short, byte, void>)Find("clock");
        Nonce = (delegate* unmanaged[Cdecl]<nint, byte*, void>)Find("nonce");
        Restart = (delegate* unmanaged[Cdecl]<nint, int>)Find("restart");
        Append = (delegate* unmanaged[Cdecl]<nint, byte*, uint, int>)Find("append");
        Result = (delegate* unmanaged[Cdecl]<nint, ulong, byte*, uint, int>)Find("result");
        Reuse = (delegate* unmanaged[Cdecl]<nint, ulong, void>)Find("reuse");
        Sell = (delegate* unmanaged[Cdecl]<nint, ulong, uint, int>)Find("sell");
        Line = (delegate* unmanaged[Cdecl]<nint, ulong, int, void>)Find("line");
        Receive = (delegate* unmanaged[Cdecl]<nint, ulong, byte*, uint, void>)Find("receive");
        Output = (delegate* unmanaged[Cdecl]<nint, ulong, byte*, uint, uint>)Find("output");
        Dropped = (delegate* unmanaged[Cdecl]<nint, uint, uint>)Find("dropped");
        Acked = (delegate* unmanaged[Cdecl]<nint, ulong>)Find("acked");
        State = (delegate* unmanaged[Cdecl]<nint, int>)Find("state");
    }

    internal delegate* unmanaged[Cdecl]<byte*, byte*, byte*, uint, byte*, ulong, uint, uint, uint, nint> New { get; }

    internal delegate* unmanaged[Cdecl]<nint, void> Free { get; }

    internal delegate* unmanaged[Cdecl]<nint, ulong, long, short, byte, void> Clock { get; }

    internal delegate* unmanaged[Cdecl]<nint, byte*, void> Nonce { get; }

    internal delegate* unmanaged[Cdecl]<nint, int> Restart { get; }

    internal delegate* unmanaged[Cdecl]<nint, byte*, uint, int> Append { get; }

    internal delegate* unmanaged[Cdecl]<nint, ulong, byte*, uint, int> Result { get; }

    internal delegate* unmanaged[Cdecl]<nint, ulong, void> Reuse { get; }

    internal delegate* unmanaged[Cdecl]<nint, ulong, uint, int> Sell { get; }

    internal delegate* unmanaged[Cdecl]<nint, ulong, int, void> Line { get; }

    internal delegate* unmanaged[Cdecl]<nint, ulong, byte*, uint, void> Receive { get; }

    internal delegate* unmanaged[Cdecl]<nint, ulong, byte*, uint, uint> Output { get; }

    internal delegate* unmanaged[Cdecl]<nint, uint, uint> Dropped { get; }

    internal delegate* unmanaged[Cdecl]<nint, ulong> Acked { get; }

    internal delegate* unmanaged[Cdecl]<nint, int> State { get; }

    /// <summary>Loads a library. Two builds lie under two paths.</summary>
    internal static ClientLibrary Load(string path) => new(NativeLibrary.Load(path));

    public void Dispose() => NativeLibrary.Free(_library);

    private nint Find(string name) => NativeLibrary.GetExport(_library, "tlk_stepped_" + name);
}
