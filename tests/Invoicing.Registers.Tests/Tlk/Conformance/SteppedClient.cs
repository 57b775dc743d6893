using System.Runtime.Versioning;
using System.Text;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>The C99 client, its flash and its line in memory.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class SteppedClient : ISteppedRegister
{
    private const uint Sectors = 16;
    private const uint Keep = 8;

    /// <summary>The client wants to be asked for output at least so often (tlk_link.h).</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly ClientLibrary _library;
    private readonly ManualTime _time;
    private readonly nint _client;
    private bool _isUp;

    internal SteppedClient(ClientLibrary library, ManualTime time, ClientIdentity who)
    {
        _library = library;
        _time = time;
        fixed (byte* serial = Ended(who.Serial), model = Ended(who.Model), firmware = Ended(who.Firmware), key = who.Key)
        {
            _client = library.New(serial, model, firmware, who.Caps, key, who.Epoch, who.Boot, Sectors, Keep);
        }

        Assert.NotEqual(0, _client);
        SetClock(time.GetUtcNow().ToOffset(TimeSpan.FromHours(7)), confidence: 1);
    }

    public TimeSpan? UntilDue => _isUp ? Pace : null;

    internal ulong Acked => _library.Acked(_client);

    internal int State => _library.State(_client);

    private ulong Now => (ulong)_time.GetElapsedTime(0).TotalMilliseconds;

    public void Plug(bool isUp)
    {
        _isUp = isUp;
        _library.Line(_client, Now, isUp ? 1 : 0);
    }

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            _library.Receive(_client, Now, start, (uint)bytes.Length);
        }
    }

    public void Turn(ICollection<byte> written)
    {
        byte* room = stackalloc byte[2048];
        while (_library.Output(_client, Now, room, 2048) is > 0 and uint count)
        {
            for (int i = 0; i < count; i++)
            {
                written.Add(room[i]);
            }
        }
    }

    public void Sell(int lines) => _ = _library.Sell(_client, Now, (uint)lines);

    public void Dispose() => _library.Free(_client);

    internal void SetClock(DateTimeOffset clock, byte confidence) =>
        _library.Clock(_client, Now, clock.ToUnixTimeMilliseconds(), (short)clock.Offset.TotalMinutes, confidence);

    internal void SetNonce(ReadOnlySpan<byte> nonce)
    {
        fixed (byte* start = nonce)
        {
            _library.Nonce(_client, start);
        }
    }

    /// <summary>Power off and on again.</summary>
    internal void Restart()
    {
        _isUp = false;
        Assert.Equal(0, _library.Restart(_client));
    }

    internal void Append(ReadOnlySpan<byte> record)
    {
        fixed (byte* start = record)
        {
            Assert.Equal(0, _library.Append(_client, start, (uint)record.Length));
        }
    }

    internal void Store(ulong seq, ReadOnlySpan<byte> result)
    {
        fixed (byte* start = result)
        {
            Assert.Equal(0, _library.Result(_client, seq, start, (uint)result.Length));
        }
    }

    /// <summary>Sells so much, with results of some gateway before, that the oldest records are reused.</summary>
    internal SteppedClient Filled()
    {
        for (ulong seq = 1; seq <= 400; seq++)
        {
            Sell(1);
            Store(seq, [0x02, 1, 3]);
        }

        return this;
    }

    internal void Reuse(ulong oldest) => _library.Reuse(_client, oldest);

    /// <summary>How many runs were dropped for one reason, by its place in <c>tlk_frame.h</c>.</summary>
    internal uint Dropped(uint why) => _library.Dropped(_client, why);

    private static byte[] Ended(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
