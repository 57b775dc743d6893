using System.CommandLine;
using Invoicing.Edge.Settings;
using Invoicing.Gateway.Keys;
using Invoicing.NationalXml.Profiles;

namespace Invoicing.Edge.Commands;

/// <summary>Options of an export to the law's file, and what the settings say where an option does not.</summary>
internal sealed class NationalOptions
{
    private readonly Option<string?> _config = new("--config", "-c") { Description = "Configuration file (JSON): journal, and section 'national'.", HelpName = "FILE" };
    private readonly Option<string?> _journal = new("--journal") { Description = "Journal file; may be in use by the running service.", HelpName = "FILE" };
    private readonly Option<string?> _profile = new("--profile") { Description = "xml: format version for all days, instead of the settings' or the law's." };
    private readonly Option<string?> _certificate = new("--certificate") { Description = "xml: the seller's certificate and key: a PKCS#12 file, or pkcs11:… or store:…", HelpName = "FILE" };
    private readonly Option<string?> _password = new("--password-file") { Description = "xml: file with the certificate's password.", HelpName = "FILE" };
    private readonly Option<string?> _sender = new("--sender") { Description = "xml: who sends (MNGui), such as V0107001729 or bare digits." };
    private readonly Option<string?> _receiver = new("--receiver") { Description = "xml: who receives (MNNhan), such as TCT." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_config, _journal, _profile, _certificate, _password, _sender, _receiver])
        {
            command.Add(option);
        }
    }

    /// <summary>The journal and all that is known of the national section, and what opens keys.</summary>
    /// <exception cref="InvoicingException">Neither option nor settings name the journal.</exception>
    public (string Journal, NationalSettings National, KeyOptions Keys) Read(ParseResult parsed)
    {
        EdgeSettings? settings = parsed.GetValue(_config) is { } config ? EdgeSettings.Load(config) : null;
        NationalSettings national = settings?.National ?? new();
        return (JournalOf(parsed, settings), national with
        {
            Sender = parsed.GetValue(_sender) ?? national.Sender,
            Receiver = parsed.GetValue(_receiver) ?? national.Receiver,
            Certificate = parsed.GetValue(_certificate) ?? national.Certificate,
            PasswordFile = parsed.GetValue(_password) ?? national.PasswordFile,
            Profiles = parsed.GetValue(_profile) is { } version ? ProfileSchedule.Always(NationalProfile.Of(version)) : national.Profiles,
        }, settings?.Keys.Options ?? KeySettings.Unsaid);
    }

    private string JournalOf(ParseResult parsed, EdgeSettings? settings) => parsed.GetValue(_journal) ?? settings?.Journal
        ?? throw new InvoicingException("expected option '--journal' or '--config', found neither");
}
