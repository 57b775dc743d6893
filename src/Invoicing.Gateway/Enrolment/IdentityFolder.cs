using System.Diagnostics.CodeAnalysis;
using Invoicing.Chain;
using Invoicing.Gateway.Keys;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Enrolment;

/// <summary>The folder on the device that holds its identity, and the request that is under way. One writer, by an OS lock.</summary>
/// <remarks>
/// Two files, each whole at any moment. <c>pending.json</c> is on the disk before its request is sent; <c>identity.json</c> is replaced in one
/// step when the answer is here; then <c>pending.json</c> is removed. Dying after the second leaves a pending key that the identity bears
/// already: it is known by that, and forgotten. Dying anywhere else leaves the same request to be made again.
/// </remarks>
internal sealed class IdentityFolder : IDisposable
{
    private readonly string _identity;
    private readonly string _pending;
    private readonly KeySeal? _seal;
    private readonly WriterLock _lock;
    private readonly DurableText _files;

    private IdentityFolder(string path, WriterLock taken, KeySeal? seal, Action<string>? step)
    {
        _seal = seal;
        Path = path;
        _lock = taken;
        _files = new(step);
        _identity = System.IO.Path.Combine(path, "identity.json");
        _pending = System.IO.Path.Combine(path, "pending.json");
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Opens a folder, and makes it if it is not there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="step">Told before each step on a file; for tests that die there.</param>
    /// <param name="seal">Seals the transport's private key; <see langword="null"/>: only the files' mode protects it.</param>
    /// <exception cref="FileInUseException">Another process has it.</exception>
    /// <exception cref="InvoicingException">It cannot be made or written to.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The folder owns the lock from here on.")]
    public static IdentityFolder Open(string path, Action<string>? step = null, KeySeal? seal = null)
    {
        string folder = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        try
        {
            if (!Directory.Exists(folder))
            {
                Make(folder);
                DurableFolder.Flush(System.IO.Path.GetDirectoryName(folder)!);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: expected a folder for this device's identity that can be written: {fault.Message}", innerException: fault);
        }

        return new(folder, WriterLock.Take(System.IO.Path.Combine(folder, "identity")), seal, step);
    }

    /// <summary>The identity; <see langword="null"/> if there is none yet.</summary>
    /// <exception cref="InvoicingException">The file is damaged or cannot be read.</exception>
    public DeviceIdentity? Read() => Text(_identity) is { } text ? IdentityForms.ReadIdentity(text, _identity, _seal) : null;

    /// <summary>Replaces the identity.</summary>
    public void Write(DeviceIdentity identity) => _files.Write(_identity, IdentityForms.Write(identity, _seal));

    /// <summary>The identity; where there is none yet, the bundle's is taken over.</summary>
    /// <param name="bundle">The authority's bundle, if there is one.</param>
    /// <exception cref="InvoicingException">There is neither; says what to do.</exception>
    public DeviceIdentity ReadOrAdopt(ClientBundle? bundle)
    {
        if (Read() is { } identity)
        {
            return identity;
        }

        DeviceIdentity adopted = bundle is null
            ? throw new InvoicingException($"{Path}: expected this device's identity, found none; type: edge enrol --config … CODE, with the activation code that the authority gave")
            : DeviceIdentity.Of(bundle);
        Write(adopted);
        return adopted;
    }

    /// <summary>The request that is under way; <see langword="null"/> if there is none.</summary>
    /// <exception cref="InvoicingException">The file is damaged or cannot be read.</exception>
    public PendingCertificate? ReadPending() => Text(_pending) is { } text ? IdentityForms.ReadPending(text, _pending, _seal) : null;

    /// <summary>Keeps a request, instead of any before it.</summary>
    public void Write(PendingCertificate pending) => _files.Write(_pending, IdentityForms.Write(pending, _seal));

    /// <summary>Forgets the request and its key.</summary>
    public void ForgetPending()
    {
        if (File.Exists(_pending))
        {
            _files.Remove(_pending);
        }
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose() => _lock.Dispose();

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string? Text(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return !file.Exists ? null
                : file.Length > IdentityForms.MaxLength
                    ? throw new InvoicingException($"{path}: expected at most {IdentityForms.MaxLength} bytes, found {file.Length}")
                    : File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: cannot be read: {fault.Message}", innerException: fault);
        }
    }
}
