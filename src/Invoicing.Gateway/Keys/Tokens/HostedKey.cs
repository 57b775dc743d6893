using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Invoicing.Signing;
using Microsoft.Extensions.Logging;

namespace Invoicing.Gateway.Keys.Tokens;

/// <summary>A key on a token, used through a process of its own, which is started anew when it fails until the key is back.</summary>
/// <remarks>
/// While the key is away every call fails at once, and tries again go on beside it, so that no sale waits for a token's library. What comes back
/// must be the same key. A PIN that was refused once is not tried again before its file holds another: three wrong ones lock most tokens. Any
/// number of threads.
/// </remarks>
internal sealed partial class HostedKey : IDisposable
{
    /// <summary>Longest wait for a token to be opened: cards take up to some seconds, and a library that takes longer hangs.</summary>
    public static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(15);

    /// <summary>Longest wait for an answer, beside <see cref="PerSignature"/>: a second signature of the same group may come first.</summary>
    public static readonly TimeSpan SignLimit = TimeSpan.FromSeconds(8);

    /// <summary>What a slow card takes for one more signature on the curve; the one RSA signature of a message has <see cref="SignLimit"/> to itself.</summary>
    private static readonly TimeSpan PerSignature = TimeSpan.FromMilliseconds(250);

    /// <summary>A token that was only touched is back after this long; then twice as long each time. No jitter: nobody shares it.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    /// <summary>A person who has put the token back waits no longer than this.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly TokenUri _uri;
    private readonly KeyOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _retry;
    private readonly Lock _gate = new();
    private TokenProcess? _process;
    private byte[] _expected;
    private string _reason = "the token has not been opened yet";
    private byte[] _refusedPin = [];
    private TimeSpan _pause = FirstPause;
    private bool _isClosed;

    private HostedKey(TokenUri uri, KeyOptions options, byte[] expected, TimeProvider time, ILogger logger)
    {
        _uri = uri;
        _options = options;
        _expected = expected;
        _time = time;
        _logger = logger;
        _retry = time.CreateTimer(static self => ((HostedKey)self!).TryAgain(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>SubjectPublicKeyInfo (DER).</summary>
    public byte[] PublicKey => _expected;

    /// <summary>The certificate beside the key; empty if there is none, or the token was not seen yet.</summary>
    public byte[] Certificate { get; private set; } = [];

    public bool IsRsa { get; private set; }

    /// <summary>Whether the key can be used at the moment.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return _process is not null;
            }
        }
    }

    /// <summary>Whether the token refused the PIN that its file holds.</summary>
    public bool IsPinRefused => _refusedPin.Length > 0;

    /// <summary>Opens a key of which nothing is known.</summary>
    /// <param name="uri">Which.</param>
    /// <param name="creates">Whether to make a P-256 key if there is none of that name.</param>
    /// <param name="options">Module, PIN and host.</param>
    /// <param name="time">Timers.</param>
    /// <param name="logger">Where it is told when the key is away and back.</param>
    /// <exception cref="TokenException">It cannot be used now.</exception>
    public static HostedKey Open(TokenUri uri, bool creates, KeyOptions options, TimeProvider time, ILogger logger)
    {
        var key = new HostedKey(uri, options, [], time, logger);
        try
        {
            key.Start(creates);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Opens the key that a public key is known of, now or as soon as it is there.</summary>
    /// <param name="uri">Which.</param>
    /// <param name="publicKey">What it must be.</param>
    /// <param name="options">Module, PIN and host.</param>
    /// <param name="time">Timers.</param>
    /// <param name="logger">Where it is told when the key is away and back.</param>
    public static HostedKey Expect(TokenUri uri, ReadOnlyMemory<byte> publicKey, KeyOptions options, TimeProvider time, ILogger logger)
    {
        var key = new HostedKey(uri, options, publicKey.ToArray(), time, logger);
        key.TryAgain();
        return key;
    }

    /// <summary>Signs SHA-256 hashes: one way there and back for all of them.</summary>
    /// <exception cref="SignerUnavailableException">The key is away; says why.</exception>
    public byte[][] Sign(params ReadOnlySpan<byte[]> hashes)
    {
        TokenProcess process;
        lock (_gate)
        {
            process = _process ?? throw Unavailable();
        }

        try
        {
            byte[][] signatures = process.Ask(TokenFrames.Sign, SignLimit + (PerSignature * hashes.Length), hashes);
            return signatures.Length == hashes.Length
                ? signatures
                : throw new TokenException(TokenTrouble.Failed, $"expected {hashes.Length} signatures of the token, found {signatures.Length}");
        }
        catch (TokenException fault)
        {
            Lose(process, fault);
            throw new SignerUnavailableException(fault.Message, fault);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _reason = "the key was closed";
            _process?.Dispose();
            _process = null;
        }

        _retry.Dispose();
    }

    private SignerUnavailableException Unavailable() => new(_reason);

    private void TryAgain()
    {
        try
        {
            Start(creates: false);
            LogBack(_uri.Token ?? _uri.Label ?? "token");
        }
        catch (InvoicingException fault)
        {
            Away(fault.Message);
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "This object owns the process that it takes, and ends the one that it does not.")]
    private void Start(bool creates)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new TokenException(TokenTrouble.Module, "expected Linux for a key at 'pkcs11:', found Windows; use 'store:', where the token's driver shows its key");
        }

        KeyHostCommand command = _options.Host
            ?? throw new TokenException(TokenTrouble.Failed, "expected a program to use the token with, found none: set KeyOptions.Host");
        string module = _uri.ModulePath ?? _options.Pkcs11Module
            ?? throw new TokenException(TokenTrouble.Module, "expected the token maker's library, found none; name it as 'pkcs11_module'");
        byte[] pin = (_uri.PinPath ?? _options.Pkcs11PinPath) is { } path ? SecretFile.Read(path, "PIN", least: 4) : [];
        byte[] pinHash = SHA256.HashData(pin);
        TokenProcess? process = null;
        try
        {
            RequireUntried(pinHash);
            process = TokenProcess.Start(command, _time);
            byte[][] answer = process.Ask(
                TokenFrames.Open, OpenLimit, TokenFrames.Text(module), TokenFrames.Text(_uri.ToString()), pin, _expected, [(byte)(creates ? 1 : 0)]);
            Take(process, answer);
        }
        catch (TokenException fault)
        {
            if (fault.Trouble == TokenTrouble.PinWrong)
            {
                _refusedPin = pinHash;
            }

            process?.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pin);
        }
    }

    private void RequireUntried(byte[] pinHash)
    {
        if (pinHash.AsSpan().SequenceEqual(_refusedPin))
        {
            throw new TokenException(
                TokenTrouble.PinWrong, "expected the token's PIN, found another; it is not tried again until its file has changed");
        }
    }

    private void Take(TokenProcess process, byte[][] answer)
    {
        if (answer is not [[byte isRsa], { Length: > 0 } publicKey, byte[] certificate]
            || (_expected.Length > 0 && !publicKey.AsSpan().SequenceEqual(_expected)))
        {
            throw new TokenException(TokenTrouble.Failed, "expected the key's public half from the process that uses the token, found something else");
        }

        lock (_gate)
        {
            if (_isClosed)
            {
                throw new TokenException(TokenTrouble.Failed, "the key was closed");
            }

            (_expected, Certificate, IsRsa) = (publicKey, certificate, isRsa == 1);
            _process = process;
            _refusedPin = [];
        }
    }

    private void Lose(TokenProcess process, TokenException fault)
    {
        lock (_gate)
        {
            if (_process != process)
            {
                return; // another thread saw it first
            }

            _process = null;
            _pause = FirstPause;
        }

        process.Dispose();
        Away(fault.Message);
    }

    private void Away(string reason)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            if (reason != _reason)
            {
                LogAway(reason);
            }

            _reason = reason;
            _retry.Change(_pause, Timeout.InfiniteTimeSpan);
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        }
    }

    [LoggerMessage(2100, LogLevel.Warning, "The key on the token cannot be used: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(2101, LogLevel.Information, "The key on {Token} can be used")]
    private partial void LogBack(string token);
}
