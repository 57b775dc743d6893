using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Invoicing.Registers.Lines.Native;
using Microsoft.Win32.SafeHandles;

namespace Invoicing.Registers.Lines;

/// <summary>An open serial port. One thread sits in <c>poll()</c>, reads, and goes on with writes that did not fit.</summary>
/// <remarks>
/// The thread owns the port and closes it as its last act, so no call can hit a number that the system has given to another file.
/// Everything else wakes it through an eventfd. It sleeps as long as nothing happens, except that every 2 s it looks whether the node
/// still exists, for adapters whose driver reports no hang-up.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class SerialConnection : ILineConnection
{
    private const int NodeCheckMilliseconds = 2000;
    private const int ReadSize = 4096;

    private readonly string _name;
    private readonly SerialPortHandle _port;
    private readonly SafeFileHandle _wake;
    private readonly ByteQueue _input;
    private readonly CancellationTokenSource _gone = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private PendingWrite? _write;
    private string? _goneReason;
    private bool _closing;

    internal SerialConnection(string name, SerialPortHandle port)
    {
        _name = name;
        _port = port;
        _input = new(ByteQueue.LineInput, Wake);
        _wake = Libc.EventFd(0, Libc.EventNonBlocking | Libc.EventCloseOnExec);
        if (_wake.IsInvalid)
        {
            string reason = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
            _wake.Dispose();
            throw new LineUnavailableException(name, $"eventfd: {reason}");
        }

        Gone = _gone.Token;
        Thread thread = new(Run, maxStackSize: 128 * 1024) { IsBackground = true, Name = $"line {name}" };
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
        using (cancellationToken.UnsafeRegister(static (state, token) => ((SerialConnection)state!).Abandon(token), this))
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

    /// <summary>A cancelled write leaves its place; what is out is out.</summary>
    private void Abandon(CancellationToken token)
    {
        PendingWrite? write;
        lock (_gate)
        {
            (write, _write) = (_write, null);
        }

        write?.Done.TrySetCanceled(token);
    }

    private unsafe void Wake()
    {
        ulong one = 1;
        lock (_gate)
        {
            if (!_wake.IsClosed)
            {
                _ = Libc.Write(_wake, (byte*)&one, sizeof(ulong));
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

        PendingWrite? write;
        lock (_gate)
        {
            _goneReason = reason;
            (write, _write) = (_write, null);
        }

        _port.Dispose();
        write?.Done.TrySetException(new LineGoneException(_name, reason));

        // In this order: a reader that is told the end finds the line gone.
        _gone.Cancel();
        _input.End();
        _ended.TrySetResult();
    }

    /// <summary>Serves reader and writer until the port is gone; returns why it is.</summary>
    private unsafe string Serve()
    {
        byte[] buffer = new byte[ReadSize];
        PollItem* items = stackalloc PollItem[2];
        items[0].File = (int)_port.File.DangerousGetHandle();
        items[1].File = (int)_wake.DangerousGetHandle();
        items[1].Wanted = Libc.PollIn;
        while (true)
        {
            PendingWrite? write = CurrentWrite(out bool closing);
            if (closing)
            {
                return "closed here";
            }

            // A full queue stops reading; a hang-up is reported all the same.
            bool canRead = _input.Room > 0;
            items[0].Wanted = (short)((canRead ? Libc.PollIn : 0) | (write is null ? 0 : Libc.PollOut));
            items[0].Seen = items[1].Seen = 0;
            int count = Libc.Poll(items, 2, NodeCheckMilliseconds);
            if (count < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == Libc.Interrupted)
                {
                    continue;
                }

                return $"poll: {Marshal.GetPInvokeErrorMessage(error)}";
            }

            if (count == 0 && !File.Exists(_port.Place.Node))
            {
                return "its device node is no longer there";
            }

            if (items[1].Seen != 0)
            {
                ClearWake();
            }

            if (ServeDevice(items[0].Seen, write, canRead ? buffer : []) is { } reason)
            {
                return reason;
            }
        }
    }

    private string? ServeDevice(short seen, PendingWrite? write, Span<byte> buffer)
    {
        if ((seen & Libc.PollIn) != 0 && !buffer.IsEmpty)
        {
            // What came in before a hang-up is read first: the end shows itself as a read of 0 or an error.
            if (Receive(buffer) is { } fault)
            {
                return fault;
            }
        }
        else if ((seen & (Libc.PollHangUp | Libc.PollError | Libc.PollInvalid)) != 0)
        {
            return "hung up";
        }

        return (seen & Libc.PollOut) != 0 && write is not null ? Send(write) : null;
    }

    private PendingWrite? CurrentWrite(out bool closing)
    {
        lock (_gate)
        {
            closing = _closing;
            return _write;
        }
    }

    private unsafe void ClearWake()
    {
        ulong count;
        _ = Libc.Read(_wake, (byte*)&count, sizeof(ulong));
    }

    /// <summary>Writes as much as fits. Under the gate, so that a cancelled write's memory is not touched after its caller has it back.</summary>
    /// <returns>Why the port is gone, or <see langword="null"/>.</returns>
    private unsafe string? Send(PendingWrite write)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_write, write))
            {
                return null;
            }

            nint written;
            fixed (byte* from = write.Left.Span)
            {
                written = Libc.Write(_port.File, from, (nuint)write.Left.Length);
            }

            if (written < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                return error is Libc.TryAgain or Libc.Interrupted ? null : $"write: {Marshal.GetPInvokeErrorMessage(error)}";
            }

            write.Left = write.Left[(int)written..];
            if (!write.Left.IsEmpty)
            {
                return null;
            }

            _write = null;
        }

        write.Done.TrySetResult();
        return null;
    }

    private unsafe string? Receive(Span<byte> buffer)
    {
        Span<byte> room = buffer[..Math.Min(buffer.Length, _input.Room)];
        nint read;
        fixed (byte* to = room)
        {
            read = Libc.Read(_port.File, to, (nuint)room.Length);
        }

        if (read > 0)
        {
            _input.Append(room[..(int)read]);
            return null;
        }

        int error = Marshal.GetLastPInvokeError();
        return read == 0 ? "hung up"
            : error is Libc.TryAgain or Libc.Interrupted ? null
            : $"read: {Marshal.GetPInvokeErrorMessage(error)}";
    }
}
