using System.Security.Cryptography;
using System.Xml;
using Invoicing.Invoices;
using Invoicing.NationalXml.Documents;
using Invoicing.NationalXml.Profiles;
using Invoicing.NationalXml.Signatures;
using Invoicing.Vietnam;

namespace Invoicing.NationalXml.Messages;

/// <summary>Makes notices 04/SS-HĐĐT of invoices on which only the buyer's name or address was wrong (messages 303 and 300).</summary>
/// <remarks>Signed in DSCKS/NNT over DLTBao. Source: Circular 91/2026/TT-BTC, Art. 10.1a; Decision 1271/QĐ-CT, message 300.</remarks>
public sealed class BuyerNotices
{
    /// <summary>MLTDiep of a notice on an invoice of a cash register.</summary>
    public const string CashRegisterType = "303";

    /// <summary>MLTDiep of a notice on any invoice.</summary>
    public const string GeneralType = "300";

    private const string OwnInitiative = "1"; // Loai: the seller's own, not on the authority's notice
    private const string ElectronicInvoice = "1"; // LADHDDT: an electronic invoice under Decree 123 and those after it
    private const string Explain = "4"; // TCTBao: neither replaced nor adjusted, put right by explaining

    private static readonly byte[] Tail = [.. "</NNT></DSCKS></TBao></DLieu></TDiep>"u8];

    private readonly Seller _seller;
    private readonly MessageParties _parties;
    private readonly NoticeSettings _office;
    private readonly ProfileSchedule _profiles;
    private readonly MessageSigner _signer;
    private readonly RandomNumberGenerator _randomness;
    private readonly TimeProvider _time;

    /// <summary>Takes all that notices have in common.</summary>
    /// <param name="seller">Whose invoices they are about.</param>
    /// <param name="parties">Between whom they go.</param>
    /// <param name="office">The tax office.</param>
    /// <param name="profiles">Which format on which day of writing.</param>
    /// <param name="key">What signs; stays the caller's.</param>
    /// <param name="randomness">Where the ids of messages come from; stays the caller's.</param>
    /// <param name="time">For the date of the notice and the time of signing.</param>
    public BuyerNotices(
        Seller seller, MessageParties parties, NoticeSettings office, ProfileSchedule profiles, MessageKey key, RandomNumberGenerator randomness,
        TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(seller);
        ArgumentNullException.ThrowIfNull(parties);
        ArgumentNullException.ThrowIfNull(office);
        ArgumentNullException.ThrowIfNull(profiles);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(randomness);
        ArgumentNullException.ThrowIfNull(time);
        _seller = seller;
        _parties = parties;
        _office = office;
        _profiles = profiles;
        _signer = new(key, seller.TaxCode, time);
        _randomness = randomness;
        _time = time;
    }

    /// <summary>Makes a notice.</summary>
    /// <param name="notice">A correction of type <see cref="CorrectionType.BuyerNotice"/>.</param>
    /// <param name="position">Position of its entry; 0 where there is none.</param>
    /// <param name="type">MLTDiep: <see cref="CashRegisterType"/> or <see cref="GeneralType"/>.</param>
    /// <exception cref="ArgumentException">Another correction, or another type.</exception>
    /// <exception cref="InvoicingException">A value does not fit its element, or the key does not sign.</exception>
    public SignedMessage Write(Correction notice, long position = 0, string type = CashRegisterType)
    {
        ArgumentNullException.ThrowIfNull(notice);
        if (notice.Type != CorrectionType.BuyerNotice || type is not (CashRegisterType or GeneralType))
        {
            throw new ArgumentException($"expected a notice, as message 303 or 300, found {notice.Type} as {type}", nameof(notice));
        }

        NationalProfile profile = _profiles.On(VietnamTime.DateOf(_time.GetUtcNow()));
        string id = MessageIdentity.Create(_parties.Sender, _randomness);
        byte[] envelope = MessageEnvelope.Write(profile, _parties, type, id, _seller.TaxCode, count: 1);
        byte[] head = [.. envelope, .. "<DLieu><TBao>"u8, .. Content(notice, profile), .. "<DSCKS><NNT>"u8];
        byte[] message = _signer.Sign(head, Tail, SignaturePlace.Notice(profile.TargetNamesSignature));
        CorrectedInvoice corrected = notice.Corrected;
        return new(id, type, profile.Version, message, [new(new(corrected.Code, corrected.Series, corrected.Number), position)]);
    }

    private byte[] Content(Correction notice, NationalProfile profile)
    {
        using MemoryStream buffer = new();
        using (var xml = XmlWriter.Create(buffer, MessageEnvelope.FragmentSettings))
        {
            GroupWriter groups = new(xml);
            xml.WriteStartElement("DLTBao");
            xml.WriteAttributeString("Id", SignaturePlace.Notice(profile.TargetNamesSignature).DataId);
            Fields head = Head(profile);
            foreach (ElementRule rule in profile.Notice.Rules)
            {
                if (rule.Form == ElementForm.Group)
                {
                    xml.WriteStartElement(rule.Tag);
                    groups.Write("HDon", profile.NoticeInvoice, About(notice, profile), "DLTBao/DSHDon/HDon");
                    xml.WriteEndElement();
                }
                else
                {
                    groups.WriteValue(rule, head[rule.Tag], "DLTBao");
                }
            }

            xml.WriteEndElement();
            if (groups.TakeFaults() is [{ } fault, ..])
            {
                throw new InvoicingException($"the notice on invoice {notice.Corrected.Series} {notice.Corrected.Number} cannot be written: {fault}");
            }
        }

        return buffer.ToArray();
    }

    private Fields Head(NationalProfile profile)
    {
        Fields fields = [];
        fields.Add("PBan", profile.Version);
        fields.Add("MSo", "04/SS-HĐĐT");
        fields.Add("Ten", "Thông báo hóa đơn điện tử có sai sót");
        fields.Add("Loai", OwnInitiative);
        fields.Add("MCQT", _office.TaxOfficeCode);
        fields.Add("TCQT", _office.TaxOfficeName);
        fields.Add("TNNT", _seller.Name);
        fields.Add("MST", _seller.TaxCode.ToString());
        fields.Add("DDanh", _office.Place);
        fields.Add("NTBao", LawText.Of(VietnamTime.DateOf(_time.GetUtcNow())));
        return fields;
    }

    private static Fields About(Correction notice, NationalProfile profile)
    {
        CorrectedInvoice corrected = notice.Corrected;
        Fields fields = [];
        fields.Add("STT", "1");
        fields.Add("MCCQT", corrected.Code.ToString());
        fields.Add("KHMSHDon", LawText.Of((int)corrected.Kind));
        fields.Add("KHHDon", corrected.Series.ToString());
        fields.Add("SHDon", LawText.Of(corrected.Number));
        fields.Add("Ngay", LawText.Of(corrected.IssuedOn));
        fields.Add("LADHDDT", ElectronicInvoice);
        fields.Add("TCTBao", profile.NoticeInvoice.Holds("TCTBao") ? Explain : null);
        fields.Add("LDo", notice.Reason);
        return fields;
    }
}
