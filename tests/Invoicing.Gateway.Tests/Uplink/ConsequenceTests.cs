using Invoicing.Gateway.Uplink;

namespace Invoicing.Gateway.Tests.Uplink;

/// <summary>The table of design.md 5.4 as it was decided, row by row: a change here is a decision.</summary>
public sealed class ConsequenceTests
{
    [Theory]
    [InlineData(nameof(Finding.NoConnection), nameof(RecordingGoes.On), nameof(SendingGoes.BackOff))]
    [InlineData(nameof(Finding.SameHistory), nameof(RecordingGoes.On), nameof(SendingGoes.Resume))]
    [InlineData(nameof(Finding.ForeignHistory), nameof(RecordingGoes.Stop), nameof(SendingGoes.Halt))]
    [InlineData(nameof(Finding.AuthorityBehind), nameof(RecordingGoes.On), nameof(SendingGoes.Resend))]
    [InlineData(nameof(Finding.SignatureRefused), nameof(RecordingGoes.On), nameof(SendingGoes.SignAgain))]
    [InlineData(nameof(Finding.SignatureRefusedAgain), nameof(RecordingGoes.On), nameof(SendingGoes.Halt))]
    [InlineData(nameof(Finding.EntryRefused), nameof(RecordingGoes.On), nameof(SendingGoes.Halt))]
    [InlineData(nameof(Finding.RuleBroken), nameof(RecordingGoes.On), nameof(SendingGoes.On))]
    [InlineData(nameof(Finding.WriteFailed), nameof(RecordingGoes.Stop), nameof(SendingGoes.Halt))]
    [InlineData(nameof(Finding.JournalDamaged), nameof(RecordingGoes.Stop), nameof(SendingGoes.Halt))]
    [InlineData(nameof(Finding.ClockOrKey), nameof(RecordingGoes.Busy), nameof(SendingGoes.On))]
    public void Each_finding_means_what_was_decided(string finding, string recording, string sending)
    {
        var row = Consequence.Of(Enum.Parse<Finding>(finding));

        Assert.Equal(recording, row.Recording.ToString());
        Assert.Equal(sending, row.Sending.ToString());
        Assert.NotEmpty(row.WayOut);
    }

    [Fact]
    public void Every_finding_has_one_row() =>
        Assert.Equal(Enum.GetValues<Finding>(), Consequence.Table.Select(row => row.Finding).Order());
}
