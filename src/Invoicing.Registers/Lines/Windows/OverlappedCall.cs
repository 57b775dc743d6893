using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Invoicing.Registers.Lines.Windows;

/// <summary>One read or write that the system carries out by itself, with the memory that it works on. For one thread.</summary>
/// <remarks>While a call is under way its memory belongs to the driver, so it lies outside the collected heap and is freed only after the end.</remarks>
[SupportedOSPlatform("windows")]
internal sealed unsafe class OverlappedCall : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly ManualResetEvent _done = new(initialState: false);
    private NativeOverlapped* _overlapped;
    private byte* _buffer;

    internal OverlappedCall(SafeFileHandle file, int size)
    {
        _file = file;
        Size = size;
        _overlapped = (NativeOverlapped*)NativeMemory.AllocZeroed((nuint)sizeof(NativeOverlapped));
        _buffer = (byte*)NativeMemory.Alloc((nuint)size);
    }

    /// <summary>Most bytes of one call.</summary>
    internal int Size { get; }

    /// <summary>Whether the system still works on it.</summary>
    internal bool IsUnderWay { get; private set; }

    /// <summary>Set when it is over.</summary>
    internal WaitHandle Done => _done;

    /// <summary>Its memory; not to be touched while it is under way.</summary>
    internal Span<byte> Buffer => new(_buffer, Size);

    /// <summary>Begins to read.</summary>
    /// <returns>0, or the error at which it did not begin.</returns>
    internal int BeginRead(int count)
    {
        Prepare();
        return Began(Kernel32.ReadFile(_file, _buffer, (uint)count, 0, _overlapped));
    }

    /// <summary>Begins to write what lies in the buffer.</summary>
    /// <returns>0, or the error at which it did not begin.</returns>
    internal int BeginWrite(int count)
    {
        Prepare();
        return Began(Kernel32.WriteFile(_file, _buffer, (uint)count, 0, _overlapped));
    }

    /// <summary>What came of a call that is over.</summary>
    /// <param name="count">Bytes read or written.</param>
    /// <returns>0, or its error.</returns>
    internal int Result(out int count)
    {
        bool good = Kernel32.GetOverlappedResult(_file, _overlapped, out uint bytes, wait: false);
        int error = good ? 0 : Marshal.GetLastPInvokeError();
        count = good ? (int)bytes : 0;
        IsUnderWay = false;
        return error;
    }

    /// <summary>Asks the system to give up and waits for that, but not longer than a limit: some drivers keep calls of a device that is gone.</summary>
    /// <returns>Whether it is over.</returns>
    internal bool Cancel(TimeSpan limit)
    {
        if (!IsUnderWay)
        {
            return true;
        }

        _ = Kernel32.CancelIoEx(_file, _overlapped);
        if (!_done.WaitOne(limit))
        {
            return false;
        }

        _ = Result(out _);
        return true;
    }

    public void Dispose()
    {
        if (!IsUnderWay)
        {
            NativeMemory.Free(_overlapped);
            NativeMemory.Free(_buffer);
            _done.Dispose();
        }

        // One that the driver has not given back keeps its memory and its event for ever: a few KiB against a write into freed memory.
        _overlapped = null;
        _buffer = null;
    }

    private void Prepare()
    {
        _done.Reset();
        *_overlapped = default;
        _overlapped->EventHandle = _done.SafeWaitHandle.DangerousGetHandle();
    }

    private int Began(bool good)
    {
        // Also one that was done at once sets its event, so both are taken up in one place.
        int error = good ? 0 : Marshal.GetLastPInvokeError();
        IsUnderWay = error is 0 or Win32Error.Pending;
        return IsUnderWay ? 0 : error;
    }
}
