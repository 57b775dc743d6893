using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace FirmwareSim.Lines;

/// <summary>One thread that waits, by epoll, for all devices of this process; a waiting register costs nothing.</summary>
/// <remarks>Every wait is one-shot: armed by <see cref="Arm"/>, reported once. The thread lives as long as the process.</remarks>
internal sealed unsafe class DeviceReactor
{
    private const int Batch = 64;

    // struct epoll_event is packed on x86-64 only: u32 events, then u64 data at 4 instead of at 8.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int ItemSize = DataOffset + 8;
    private static readonly Lazy<DeviceReactor> Instance = new(() => new DeviceReactor());

    private readonly ConcurrentDictionary<long, Action<int>> _waiters = new();
    private readonly int _epoll;
    private long _lastKey;

    private DeviceReactor()
    {
        _epoll = Libc.EpollCreate(Libc.EpollCloseOnExec);
        if (_epoll < 0)
        {
            throw Libc.Failed("epoll_create1", "");
        }

        Thread thread = new(Run, 128 * 1024) { IsBackground = true, Name = "device reactor" };
        thread.Start();
    }

    public static DeviceReactor Shared => Instance.Value;

    /// <summary>Makes a device known; nothing is reported before it is armed.</summary>
    /// <param name="file">An open, non-blocking file.</param>
    /// <param name="ready">Called on the reactor's thread with what is ready; must not block.</param>
    /// <returns>A key for the other calls.</returns>
    public long Add(int file, Action<int> ready)
    {
        long key = Interlocked.Increment(ref _lastKey);
        _waiters[key] = ready;
        Control(Libc.EpollAdd, file, key, 0);
        return key;
    }

    /// <summary>Reports once when any of <paramref name="events"/>, an error or a hang-up is there.</summary>
    public void Arm(int file, long key, int events) => Control(Libc.EpollModify, file, key, (uint)events | Libc.EpollOneShot);

    /// <summary>Call before the file is closed.</summary>
    public void Remove(int file, long key)
    {
        _waiters.TryRemove(key, out _);
        Control(Libc.EpollDelete, file, key, 0);
    }

    private void Control(int operation, int file, long key, uint events)
    {
        // Armed with no events, epoll would still report a hang-up at once: one-shot with nothing wanted is added disarmed below.
        byte* item = stackalloc byte[16];
        *(uint*)item = operation == Libc.EpollAdd ? Libc.EpollOneShot : events;
        *(long*)(item + DataOffset) = key;
        if (Libc.EpollControl(_epoll, operation, file, item) != 0)
        {
            throw Libc.Failed("epoll_ctl", $"file {file}");
        }
    }

    private void Run()
    {
        byte* items = stackalloc byte[Batch * 16];
        while (true)
        {
            int count = Libc.EpollWait(_epoll, items, Batch, Timeout.Infinite);
            if (count < 0 && Marshal.GetLastPInvokeError() != Libc.Eintr)
            {
                throw Libc.Failed("epoll_wait", "");
            }

            for (int i = 0; i < count; i++)
            {
                byte* item = items + (i * ItemSize);
                if (_waiters.TryGetValue(*(long*)(item + DataOffset), out Action<int>? ready))
                {
                    ready(*(int*)item);
                }
            }
        }
    }
}
