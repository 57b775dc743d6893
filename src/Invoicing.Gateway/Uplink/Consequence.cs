using System.Collections.Immutable;

namespace Invoicing.Gateway.Uplink;

/// <summary>What a finding means: one row of the table of design.md 5.4.</summary>
/// <param name="Finding">What was found.</param>
/// <param name="Recording">What becomes of recording.</param>
/// <param name="Sending">What becomes of sending.</param>
/// <param name="WayOut">What ends it, for people.</param>
internal sealed record Consequence(Finding Finding, RecordingGoes Recording, SendingGoes Sending, string WayOut)
{
    /// <summary>The table. Recording and sending halt separately; only <see cref="RecordingGoes.Stop"/> keeps a shop from selling.</summary>
    public static ImmutableArray<Consequence> Table { get; } =
    [
        new(Finding.NoConnection, RecordingGoes.On, SendingGoes.BackOff, "by itself"),
        new(Finding.SameHistory, RecordingGoes.On, SendingGoes.Resume, "by itself"),
        new(Finding.ForeignHistory, RecordingGoes.Stop, SendingGoes.Halt, "let a new chain succeed this one: edge succeed"),
        new(Finding.AuthorityBehind, RecordingGoes.On, SendingGoes.Resend, "by itself; tell the authority"),
        new(Finding.SignatureRefused, RecordingGoes.On, SendingGoes.SignAgain, "by itself"),
        new(Finding.SignatureRefusedAgain, RecordingGoes.On, SendingGoes.Halt, "have the device's key and memory examined, then restart"),
        new(Finding.EntryRefused, RecordingGoes.On, SendingGoes.Halt, "have the named entry examined (edge verify), then restart"),
        new(Finding.RuleBroken, RecordingGoes.On, SendingGoes.On, "a following entry corrects the parked one"),
        new(Finding.WriteFailed, RecordingGoes.Stop, SendingGoes.Halt, "check the disk and start the process again"),
        new(Finding.JournalDamaged, RecordingGoes.Stop, SendingGoes.Halt, "let a new chain succeed this one: edge succeed --damaged"),
        new(Finding.ClockOrKey, RecordingGoes.Busy, SendingGoes.On, "by itself, once clock and key are right"),
    ];

    /// <summary>The row of a finding.</summary>
    public static Consequence Of(Finding finding) => Table.Single(row => row.Finding == finding);
}
