using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Invoicing.Registers.Lines.Windows;

/// <summary>An open serial port of Windows. One thread keeps a read and, if there is something to write, a write under way.</summary>
/// <remarks>
/// The thread owns the port and closes it as its last act. It reads one byte, which waits, and then what has come with it, which does not:
/// that a larger read returns with its first byte is in the documentation of COMMTIMEOUTS, but neither in Wine nor in every driver.
/// A removed adapter ends its read with an error at once; for drivers that do not, each read ends after
/// <see cref="WindowsPortHandle.ReadMilliseconds"/> and the next one shows it.
/// </remarks>
[SupportedOSPlatform("windows")]
internal sealed class WindowsSerialConnection : ILineConnection
{
    private const int CallSize = 4096;

    /// <summary>Longest that a cancelled call may take to end, at closing and after a cancelled write: drivers need milliseconds.</summary>
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(2);

    /// <summary>Pause after a read that ended empty before its time, so that a driver that answers nothing at once is not asked in a tight loop.</summary>
    private static readonly TimeSpan EmptyReadPause = TimeSpan.FromMilliseconds(20);

    private readonly string _name;
    private readonly SafeFileHandle _file;
    private readonly TimeProvider _time;
    private readonly ByteQueue _input;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly CancellationTokenSource _gone = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private PendingWrite? _write;
    private PendingWrite? _underWay;
    private long _readBegan;
    private int _arrived;
    private string? _goneReason;
    private bool _closing;

    internal WindowsSerialConnection(string name, SafeFileHandle file, TimeProvider time)
    {
        _name = name;
        _file = file;
        _time = time;
        _input = new(ByteQueue.LineInput, Wake);
        Gone = _gone.Token;
        Thread thread = new(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = $"line {name}" };
        thread.Start();
    }

    public CancellationToken Gone { get; }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => _input.ReadAsync(buffer, cancellationToken);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        PendingWrite write = new(bytes);
        lock (_gate)
        {
            if (_goneReason is { } reason)
            {
                throw new LineGoneException(_name, reason);
            }

            if (_write is not null)
            {
                throw new InvalidOperationException("one writer at a time");
            }

            _write = write;
        }

        Wake();
        using (cancellationToken.UnsafeRegister(static (state, token) => ((WindowsSerialConnection)state!).Abandon(token), this))
        {
            await write.Done.Task.ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closing = true;
        }

        Wake();
        await _ended.Task.ConfigureAwait(false);
        lock (_gate)
        {
            _wake.Dispose();
        }

        _gone.Dispose();
    }

    /// <summary>A cancelled write leaves its place; what is out is out, and the thread takes back what the driver still holds.</summary>
    private void Abandon(CancellationToken token)
    {
        PendingWrite? write;
        lock (_gate)
        {
            (write, _write) = (_write, null);
        }

        write?.Done.TrySetCanceled(token);
        Wake();
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (!_wake.SafeWaitHandle.IsClosed)
            {
                _wake.Set();
            }
        }
    }

    private void Run()
    {
        string reason;
        try
        {
            reason = Serve();
        }
#pragma warning disable CA1031 // Top of a thread: whatever went wrong, the line is gone, and reader and writer are told so.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            reason = fault.Message;
        }

        // Closed before anybody is told, so that who hears of it can open the port again.
        _file.Dispose();
        PendingWrite? write;
        lock (_gate)
        {
            _goneReason = reason;
            (write, _write) = (_write, null);
        }

        write?.Done.TrySetException(new LineGoneException(_name, reason));

        // In this order: a reader that is told the end finds the line gone.
        _gone.Cancel();
        _input.End();
        _ended.TrySetResult();
    }

    /// <summary>Serves reader and writer until the port is gone; returns why it is.</summary>
    private string Serve()
    {
        using OverlappedCall read = new(_file, CallSize);
        using OverlappedCall write = new(_file, CallSize);
        try
        {
            while (true)
            {
                if (Begin(read, write, out bool closing) is { } fault)
                {
                    return fault;
                }

                if (closing)
                {
                    return "closed here";
                }

                WaitHandle.WaitAny(Awaited(read, write));
                if ((EndRead(read) ?? EndWrite(write)) is { } gone)
                {
                    return gone;
                }
            }
        }
        finally
        {
            // Bytes that a cancelled read had already got are lost here, as nobody asks for them any more.
            bool over = read.Cancel(CancelLimit);
            _ = write.Cancel(over ? CancelLimit : TimeSpan.Zero);
            _file.Dispose();
        }
    }

    private WaitHandle[] Awaited(OverlappedCall read, OverlappedCall write) => (read.IsUnderWay, write.IsUnderWay) switch
    {
        (true, true) => [read.Done, write.Done, _wake],
        (true, false) => [read.Done, _wake],
        (false, true) => [write.Done, _wake],
        _ => [_wake],
    };

    /// <summary>Puts a read and a write under way where there is none and one is wanted.</summary>
    /// <returns>Why the port is gone, or <see langword="null"/>.</returns>
    private string? Begin(OverlappedCall read, OverlappedCall write, out bool closing)
    {
        // A full queue stops reading; what the driver cannot hold then, flow control holds.
        int room = Math.Min(Math.Min(read.Size, _input.Room), Math.Max(_arrived, 1));
        int fault = 0;
        if (!read.IsUnderWay && room > 0)
        {
            _readBegan = _time.GetTimestamp();
            fault = read.BeginRead(room);
        }

        PendingWrite? next;
        lock (_gate)
        {
            closing = _closing;
            next = _write;
        }

        if (fault == 0 && write.IsUnderWay && !ReferenceEquals(next, _underWay) && !write.Cancel(CancelLimit))
        {
            return "its driver does not give back a cancelled write";
        }

        if (fault == 0 && next is not null && !write.IsUnderWay)
        {
            fault = BeginWrite(write, next);
        }

        return fault == 0 ? null : Describe(fault);
    }

    /// <summary>Under the gate, so that a cancelled write's memory is not read after its caller has it back.</summary>
    private int BeginWrite(OverlappedCall call, PendingWrite write)
    {
        int count;
        lock (_gate)
        {
            if (!ReferenceEquals(_write, write))
            {
                return 0;
            }

            count = Math.Min(call.Size, write.Left.Length);
            write.Left.Span[..count].CopyTo(call.Buffer);
        }

        _underWay = write;
        return call.BeginWrite(count);
    }

    private string? EndRead(OverlappedCall read)
    {
        if (!read.IsUnderWay || !read.Done.WaitOne(0))
        {
            return null;
        }

        int error = read.Result(out int count);
        if (error != 0)
        {
            return Describe(error);
        }

        _input.Append(read.Buffer[..count]);
        if (!Kernel32.ClearCommError(_file, out _, out PortQueues queues))
        {
            return Describe(Marshal.GetLastPInvokeError());
        }

        // Nothing within the limit is what an idle line reads. Some drivers of removed adapters read nothing, too, and that at once.
        _arrived = (int)Math.Min(queues.Input, CallSize);
        if (count == 0 && _time.GetElapsedTime(_readBegan) < TimeSpan.FromMilliseconds(WindowsPortHandle.ReadMilliseconds / 2))
        {
            _wake.WaitOne(EmptyReadPause);
        }

        return null;
    }

    private string? EndWrite(OverlappedCall call)
    {
        if (!call.IsUnderWay || !call.Done.WaitOne(0))
        {
            return null;
        }

        int error = call.Result(out int count);
        if (error != 0)
        {
            return Describe(error);
        }

        PendingWrite write = _underWay!;
        lock (_gate)
        {
            if (!ReferenceEquals(_write, write))
            {
                return null;
            }

            write.Left = write.Left[count..];
            if (!write.Left.IsEmpty)
            {
                return null;
            }

            _write = null;
        }

        write.Done.TrySetResult();
        return null;
    }

    private static string Describe(int error) => Win32Error.OfUse(error) ?? $"{Marshal.GetPInvokeErrorMessage(error)} (error {error})";
}
