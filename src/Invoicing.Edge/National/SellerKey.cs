using System.Security.Cryptography.X509Certificates;
using Invoicing.Edge.Settings;
using Invoicing.Gateway.Keys;
using Invoicing.NationalXml.Signatures;

namespace Invoicing.Edge.National;

/// <summary>The seller's certificate and key, wherever they lie: a PKCS#12 file, a token, or Windows' store.</summary>
internal sealed class SellerKey : IDisposable
{
    private readonly IDisposable _owner;

    private SellerKey(MessageKey key, IDisposable owner)
    {
        Key = key;
        _owner = owner;
    }

    /// <summary>What signs messages.</summary>
    public MessageKey Key { get; }

    /// <summary>Opens them.</summary>
    /// <param name="national">Where: <c>certificate</c>, <c>password_file</c>, <c>certificate_file</c>.</param>
    /// <param name="keys">What opens keys.</param>
    /// <param name="time">Timers.</param>
    /// <exception cref="InvoicingException">They cannot be used; says what was expected, what was found and what to do.</exception>
    public static SellerKey Open(NationalSettings national, KeyOptions keys, TimeProvider time)
    {
        string place = national.Certificate
            ?? throw new InvoicingException("expected option '--certificate', or 'certificate' in the settings' section 'national', found neither");
        if (!NationalSettings.IsKeyLocation(place))
        {
            X509Certificate2 certificate = CertificateFile.Read(place, national.PasswordFile);
            return Take(certificate, () => MessageKey.From(certificate));
        }

        try
        {
            var key = CertificateKey.Open(KeyLocation.Parse(place, Environment.CurrentDirectory), national.CertificateFile, keys, time);
            return Take(key, () => MessageKey.From(key.Rsa, key.Certificate));
        }
        catch (FormatException fault)
        {
            throw new InvoicingException($"certificate: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>Gives them up.</summary>
    public void Dispose()
    {
        Key.Dispose();
        _owner.Dispose();
    }

    private static SellerKey Take(IDisposable owner, Func<MessageKey> key)
    {
        try
        {
            return new(key(), owner);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }
}
