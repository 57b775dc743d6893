using System.Runtime.Versioning;
using Invoicing.Registers.Tests.Tlk.Conformance;
using Invoicing.Testing;

[assembly: AssemblyFixture(typeof(ClientObjects))]

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>The sound client's objects and library, compiled once for all tests that step it, when the first of them asks.</summary>
[SupportedOSPlatform("linux")]
public sealed class ClientObjects : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Lazy<Task<IReadOnlyList<string>>> _objects;
    private readonly Lazy<Task<IReadOnlyList<string>>> _watched;
    private readonly Lazy<Task<ClientLibrary>> _library;

    public ClientObjects()
    {
        _objects = new(() => ReferenceBuild.ObjectsAsync(ReferenceBuild.Folder, ReferenceBuild.LibrarySources, _folder.File("objects")));
        _watched = new(() => ReferenceBuild.WatchedObjectsAsync(_folder.File("watched")));
        _library = new(LoadAsync);
    }

    internal Task<IReadOnlyList<string>> AllAsync() => _objects.Value;

    /// <summary>Objects that are watched for memory faults and undefined behaviour.</summary>
    internal Task<IReadOnlyList<string>> WatchedAsync() => _watched.Value;

    internal Task<ClientLibrary> LibraryAsync() => _library.Value;

    public void Dispose()
    {
        if (_library is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } loaded })
        {
            loaded.Result.Dispose();
        }

        _folder.Dispose();
    }

    private async Task<ClientLibrary> LoadAsync()
    {
        string library = _folder.File("client.so");
        await ReferenceBuild.LibraryAsync(library, await _objects.Value);
        return ClientLibrary.Load(library);
    }
}
