using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Invoicing.Sqlite;

/// <summary>Pages in the write-ahead log after the last commit, as SQLite tells its hook; the binding used has no call for it.</summary>
/// <remarks>Source: sqlite.org/c3ref/wal_hook.html.</remarks>
internal sealed unsafe partial class LogPageCount : IDisposable
{
    private int* _pages = (int*)NativeMemory.AllocZeroed(sizeof(int));

    public int Count => *_pages;

    public void Watch(sqlite3 connection) => WalHook(connection.DangerousGetHandle(), &OnCommit, _pages);

    public void Clear() => *_pages = 0;

    public void Dispose()
    {
        NativeMemory.Free(_pages);
        _pages = null;
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_wal_hook")]
    private static partial nint WalHook(nint connection, delegate* unmanaged[Cdecl]<int*, nint, nint, int, int> hook, int* context);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnCommit(int* context, nint connection, nint database, int pages)
    {
        *context = pages;
        return raw.SQLITE_OK;
    }
}
