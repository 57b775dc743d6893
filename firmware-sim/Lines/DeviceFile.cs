using System.Runtime.InteropServices;

namespace FirmwareSim.Lines;

/// <summary>A non-blocking file whose readiness can be awaited; owns the descriptor.</summary>
internal sealed class DeviceFile : IDisposable
{
    private const int Gone = Libc.PollErr | Libc.PollHup;
    private readonly Lock _gate = new();
    private readonly int _file;
    private readonly long _key;
    private TaskCompletionSource? _readable;
    private TaskCompletionSource? _writable;
    private bool _closed;

    public DeviceFile(int file)
    {
        _file = file;
        _key = DeviceReactor.Shared.Add(file, Ready);
    }

    /// <summary>Completes when a read would not have to wait, or the other side is gone.</summary>
    public Task WaitReadableAsync(CancellationToken cancellationToken) => WaitAsync(ref _readable, cancellationToken);

    /// <summary>Completes when a write would not have to wait, or the other side is gone.</summary>
    public Task WaitWritableAsync(CancellationToken cancellationToken) => WaitAsync(ref _writable, cancellationToken);

    /// <summary>Is nobody at the other end?</summary>
    public unsafe bool IsHungUp()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            Libc.PollItem item = new() { File = _file, Wanted = Libc.PollIn };
            if (Libc.Poll(&item, 1, 0) < 0)
            {
                throw Libc.Failed("poll", "line");
            }

            return (item.Found & Gone) != 0;
        }
    }

    /// <summary>Reads what is there.</summary>
    /// <returns>Bytes read; 0 if the other side is gone; null if there is nothing yet.</returns>
    public unsafe int? TryRead(Span<byte> buffer)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            fixed (byte* start = buffer)
            {
                nint read = Libc.Read(_file, start, (nuint)buffer.Length);
                if (read >= 0)
                {
                    return (int)read;
                }
            }

            return Marshal.GetLastPInvokeError() switch
            {
                Libc.Eagain or Libc.Eintr => null,
                Libc.Eio => 0,
                _ => throw Libc.Failed("read", "line"),
            };
        }
    }

    /// <summary>Writes what there is room for.</summary>
    /// <returns>Bytes written; 0 if there is no room yet.</returns>
    /// <exception cref="IOException">The other side is gone.</exception>
    public unsafe int TryWrite(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            fixed (byte* start = bytes)
            {
                nint written = Libc.Write(_file, start, (nuint)bytes.Length);
                if (written >= 0)
                {
                    return (int)written;
                }
            }

            return Marshal.GetLastPInvokeError() is Libc.Eagain or Libc.Eintr ? 0 : throw Libc.Failed("write", "line");
        }
    }

    public void Dispose()
    {
        TaskCompletionSource? readable;
        TaskCompletionSource? writable;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            DeviceReactor.Shared.Remove(_file, _key);
            _ = Libc.Close(_file);
            (readable, writable) = (_readable, _writable);
        }

        readable?.TrySetResult();
        writable?.TrySetResult();
    }

    private Task WaitAsync(ref TaskCompletionSource? slot, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            slot = waiter;
            Arm();
        }

        return waiter.Task.WaitAsync(cancellationToken);
    }

    private void Arm()
    {
        int wanted = (_readable is null ? 0 : Libc.PollIn) | (_writable is null ? 0 : Libc.PollOut);
        if (wanted != 0)
        {
            DeviceReactor.Shared.Arm(_file, _key, wanted);
        }
    }

    private void Ready(int found)
    {
        TaskCompletionSource? readable = null;
        TaskCompletionSource? writable = null;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            if ((found & (Libc.PollIn | Gone)) != 0)
            {
                (readable, _readable) = (_readable, null);
            }

            if ((found & (Libc.PollOut | Gone)) != 0)
            {
                (writable, _writable) = (_writable, null);
            }

            Arm();
        }

        readable?.TrySetResult();
        writable?.TrySetResult();
    }
}
