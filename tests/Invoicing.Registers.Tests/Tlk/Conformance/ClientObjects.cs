using System.Runtime.Versioning;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>The sound client's objects and library, compiled once for all tests that step it.</summary>
[SupportedOSPlatform("linux")]
public sealed class ClientObjects : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private ClientLibrary? _library;

    internal IReadOnlyList<string> Objects { get; private set; } = [];

    internal ClientLibrary Library => _library!;

    public async ValueTask InitializeAsync()
    {
        Objects = await ReferenceBuild.ObjectsAsync(ReferenceBuild.Folder, ReferenceBuild.LibrarySources, _folder.File("objects"));
        string library = _folder.File("client.so");
        await ReferenceBuild.LibraryAsync(library, Objects);
        _library = ClientLibrary.Load(library);
    }

    public ValueTask DisposeAsync()
    {
        _library?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
