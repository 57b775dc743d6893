using System.Collections.Immutable;

namespace FirmwareSim.Failures;

/// <summary>All faults: number, name, what is counted for it, which protocols it fits, what happens.</summary>
internal static class FaultTable
{
    private const string Frame = "frame sent";
    private const string Request = "request";
    private const string Receipt = "receipt";
    private const Protocol Framed = Protocol.Isl | Protocol.Eutron;

    public static ImmutableArray<FaultRow> Rows { get; } =
    [
        new(Fault.Split, "split", Frame, Protocol.All, "the frame leaves in pieces of 1 to 7 bytes"),
        new(Fault.WaitStorm, "wait-storm", Request, Protocol.Isl | Protocol.EutronTcp, "ten busy signs, 60 ms apart, before the answer; Eutron refuses ten requests"),
        new(Fault.Nak, "nak", Request, Framed, "three requests in a row are answered by NAK"),
        new(Fault.LostAck, "lost-ack", "record sent", Protocol.Eutron | Protocol.EutronTcp, "the other side's acknowledgement is lost: the record comes again"),
        new(Fault.LostReply, "lost-reply", Request, Protocol.Isl | Protocol.EutronTcp, "the request is carried out and the reply lost"),
        new(Fault.Echo, "echo", Request, Protocol.Isl, "the request comes back as it was, as from a register that is not in PC mode"),
        new(Fault.LateReply, "late-reply", Request, Protocol.Isl, "the reply comes a second time, before the reply to the next request"),
        new(Fault.Flip, "flip", Frame, Framed, "one bit is flipped; the length stays right, the check does not"),
        new(Fault.DoubleFlip, "double-flip", Frame, Framed, "two bytes are changed so that the sum stays the same: the check cannot see it"),
        new(Fault.Reboot, "reboot", Frame, Protocol.All, "the register restarts in the middle of a frame and is away for two seconds"),
        new(Fault.PowerLoss, "power-loss", Receipt, Protocol.Tills, "the power fails in the middle of a receipt, which then goes on, is voided, or never ends"),
        new(Fault.LogOverflow, "log-overflow", Receipt, Protocol.Eutron | Protocol.EutronTcp, "the ring of the log runs over: the unread half is gone"),
        new(Fault.CounterWrap, "counter-wrap", Receipt, Protocol.Tills, "the receipt counter jumps to its last number and wraps; every second time a day close resets it to 1"),
        new(Fault.ClockJump, "clock-jump", Receipt, Protocol.Tills, "the clock falls back to 1-1-2000 (battery); every second time it is right again"),
        new(Fault.PluRename, "plu-rename", Receipt, Protocol.DatecsPush | Protocol.Eutron | Protocol.EutronTcp, "an article that was just sold gets another name"),
        new(Fault.Twin, "twin", "identity asked", Protocol.Isl | Protocol.DatecsPush | Protocol.Eutron | Protocol.EutronTcp, "the register names itself by the maker's default, as its twin does"),
        new(Fault.Swap, "swap", Receipt, Protocol.Tills & ~(Protocol.EscPos | Protocol.LineText), "another register of the kind is plugged in its place; the next time the first comes back"),
        new(Fault.CounterGap, "un-gap", "event", Protocol.DatecsPush, "a message is counted and never sent"),
        new(Fault.HalfOpen, "half-open", Frame, Protocol.All, "the register falls silent in the middle of a frame; nobody closes the line for five seconds"),
        new(Fault.Unplug, "unplug", Frame, Protocol.All, "the line is pulled in the middle of a frame and is another one half a second later"),
        new(Fault.Full, "full", Receipt, Protocol.Isl, "the journal is full: the register refuses to sell until it was read"),
        new(Fault.CodePageSwitch, "code-page-switch", Receipt, Protocol.EscPos, "the code page is switched in the middle of the receipt"),
        new(Fault.RasterOnly, "raster-only", Receipt, Protocol.EscPos, "the receipt is one image"),
        new(Fault.DleInRaster, "dle-in-raster", Receipt, Protocol.EscPos, "the image holds the bytes of a status request, DLE EOT"),
        new(Fault.LateVoid, "late-void", Receipt, Protocol.Tills, "a receipt is voided after its total; every second time a sale is given back with negative quantities"),
    ];

    public static FaultRow Of(Fault fault) => Rows[(int)fault - 1];

    public static FaultRow? Named(string name) => Rows.FirstOrDefault(row => row.Name == name);
}
