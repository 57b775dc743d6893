using System.Collections.Immutable;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Invoicing.Registers.Lines;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Ports;

/// <summary>Knows what serial ports there are and tells when that changes. One for all lines of a program.</summary>
/// <remarks>
/// <see cref="RunAsync"/> listens to the kernel's events, or looks every 2 s where there are none. Signals carry nothing: who is woken looks
/// again. At most one signal comes in 100 ms, whatever happens. Without a running <see cref="RunAsync"/> everything but the signals works.
/// </remarks>
public sealed partial class PortWatch : IPortFinder
{
    /// <summary>How often the ports are looked at without the kernel's events: what a cashier who plugs in a cable does not notice.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    /// <summary>How often they are looked at besides the kernel's events, which are silent in some containers without saying so.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    /// <summary>How long events are gathered before they are told: one adapter makes about twenty, within some 50 ms.</summary>
    public static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(100);

    private readonly Func<ImmutableArray<ListedPort>> _list;
    private readonly Func<IKernelEvents?> _open;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Watches this machine's ports, once <see cref="RunAsync"/> runs.</summary>
    /// <param name="time">The clock for intervals.</param>
    /// <param name="logger">Where it is told how the ports are watched.</param>
    public PortWatch(TimeProvider time, ILogger<PortWatch> logger)
        : this(ListAll, OpenEvents, time, logger)
    {
    }

    internal PortWatch(
        Func<ImmutableArray<ListedPort>> list, Func<IKernelEvents?> open, TimeProvider time, ILogger<PortWatch> logger)
    {
        _list = list;
        _open = open;
        _time = time ?? throw new ArgumentNullException(nameof(time));
        _logger = logger ?? throw new ArgumentNullException(nameof(logger));
    }

    /// <inheritdoc/>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>The ports there are now, by node.</summary>
    public ImmutableArray<ListedPort> List() => _list();

    /// <summary>
    /// Who holds which of these ports, as <c>pid 4711 (minicom)</c> by node, as far as it can be seen: other users' programs only root sees,
    /// and on Windows nobody.
    /// </summary>
    /// <param name="listing">The ports.</param>
    /// <param name="lockFolder">Folder of lock files, or <see langword="null"/> for none.</param>
    public static IReadOnlyDictionary<string, string> Holders(ImmutableArray<ListedPort> listing, string? lockFolder = "/run/lock") =>
        OperatingSystem.IsLinux()
            ? PortHolder.FindAll([.. listing.Select(port => port.Node)], lockFolder)
            : ImmutableDictionary<string, string>.Empty;

    /// <inheritdoc/>
    public string Find(string address)
    {
        PortAddress wanted;
        try
        {
            wanted = PortAddress.Parse(address);
        }
        catch (FormatException fault)
        {
            throw new LineUnavailableException(address, fault.Message, fault);
        }

        PortResolution found = wanted.Resolve(List());
        return found.IsResolved ? found.Node : throw new LineUnavailableException(address, found.Refusal) { Cause = found.Cause ?? found.Refusal };
    }

    /// <summary>The ports now, and again after each change. A slow reader misses states, never the last one.</summary>
    /// <param name="cancellationToken">Ends the stream; the reader sees <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<ImmutableArray<ListedPort>> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // Read before the look: a change during it is not slept through.
            Task changed = Changed;
            yield return List();
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Watches until cancelled.</summary>
    /// <param name="cancellationToken">Ends it, with <see cref="OperationCanceledException"/>.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Reading sysfs takes milliseconds, which are not the caller's.
        await Task.Yield();
        IKernelEvents? events = Open();
        try
        {
            ImmutableArray<ListedPort> known = List();
            LogWatching(known.Length);
            while (true)
            {
                bool told;
                try
                {
                    told = await WaitAsync(events, cancellationToken).ConfigureAwait(false);
                }
                catch (SocketException fault)
                {
                    events?.Dispose();
                    events = null;
                    LogPolling(fault.Message);
                    told = true;
                }

                ImmutableArray<ListedPort> now = List();

                // A replug within one gathering leaves the list as it was, and a line that waits for it all the same.
                if (told || !now.AsSpan().SequenceEqual(known.AsSpan()))
                {
                    LogChanged(now.Length);
                    Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
                }

                known = now;
            }
        }
        finally
        {
            events?.Dispose();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static ImmutableArray<ListedPort> ListAll() =>
        OperatingSystem.IsWindows() ? WindowsPorts.List() : new SysfsPorts("/sys", "/dev").List();

    private static IKernelEvents? OpenEvents() => OperatingSystem.IsLinux() ? NetlinkEvents.Open() : null;

    private IKernelEvents? Open()
    {
        try
        {
            return _open();
        }
        catch (SocketException fault)
        {
            LogPolling(fault.Message);
            return null;
        }
    }

    /// <summary>Waits until it is time to look.</summary>
    /// <returns>Whether the kernel told of a serial port.</returns>
    private async Task<bool> WaitAsync(IKernelEvents? events, CancellationToken cancellationToken)
    {
        if (events is null)
        {
            await Task.Delay(PollInterval, _time, cancellationToken).ConfigureAwait(false);
            return false;
        }

        byte[] buffer = new byte[KernelEvent.LongestDatagram];
        if (!await ReceiveAsync(events, buffer, CheckInterval, static datagram => IsOfTty(datagram.Span), cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        _ = await ReceiveAsync(events, buffer, GatherTime, static _ => false, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>One that was lost may have been of a serial port.</summary>
    private static bool IsOfTty(ReadOnlySpan<byte> datagram) => datagram.IsEmpty || KernelEvent.Parse(datagram) is { IsOfTty: true };

    /// <summary>Takes datagrams until one is wanted or the time is over.</summary>
    private async Task<bool> ReceiveAsync(
        IKernelEvents events, Memory<byte> buffer, TimeSpan limit, Predicate<ReadOnlyMemory<byte>> isWanted, CancellationToken cancellationToken)
    {
        using CancellationTokenSource over = new(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            while (true)
            {
                int length = await events.ReceiveAsync(buffer, either.Token).ConfigureAwait(false);
                if (isWanted(buffer[..length]))
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(1003, LogLevel.Information, "Watching serial ports; {Count} are plugged in")]
    private partial void LogWatching(int count);

    [LoggerMessage(1004, LogLevel.Warning, "The kernel's device events are not to be had ({Reason}); looking at the serial ports every 2 s")]
    private partial void LogPolling(string reason);

    [LoggerMessage(1005, LogLevel.Debug, "Serial ports may have changed; {Count} are plugged in")]
    private partial void LogChanged(int count);
}
