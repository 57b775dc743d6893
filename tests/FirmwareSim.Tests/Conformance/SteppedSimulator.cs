using FirmwareSim.Lines;
using FirmwareSim.Running;
using Invoicing.Registers.Tests.Tlk.Conformance;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Conformance;

/// <summary>The simulated register with its own journal and pump, driven without tasks: what it writes never waits, so no call of the pump does.</summary>
internal sealed class SteppedSimulator : ISteppedRegister
{
    private readonly SimulatedRegister _register;
    private readonly ManualTime _time;
    private readonly TimeSpan? _sellsEach;
    private readonly Wire _wire = new();
    private TimeSpan _nextSale;
    private TimeSpan? _untilDue;
    private bool _isUp;

    /// <summary>Switches it on.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="options">What it is; line and clock are set here.</param>
    /// <param name="sellsEach">How often it sells by itself; <see langword="null"/>: when asked.</param>
    /// <param name="alreadySold">Sales that had their result before anybody came.</param>
    public SteppedSimulator(ManualTime time, SimulatedRegisterOptions options, TimeSpan? sellsEach = null, int alreadySold = 0)
    {
        _time = time;
        _sellsEach = sellsEach;
        _register = new SimulatedRegister(options with { Time = time, Line = () => new NoLine() });
        for (int i = 0; i < alreadySold; i++)
        {
            Assert.True(_register.RingUpOne());
            _register.Journal.Store([new(_register.Journal.Newest, FirmwareSim.Records.RecordResult.Recorded())]);
        }
    }

    public TimeSpan? UntilDue
    {
        get
        {
            TimeSpan? sale = _sellsEach is null ? null : Later(_nextSale - Now);
            return _untilDue is not { } due ? sale : sale < due ? sale : due;
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(0);

    public void Plug(bool isUp)
    {
        _isUp = isUp;
        if (isUp)
        {
            Done(_register.Pump.ConnectedAsync(_wire, CancellationToken.None));
        }
        else
        {
            _register.Pump.Disconnected();
        }
    }

    public void Receive(ReadOnlySpan<byte> bytes) => Done(_register.Pump.ReceivedAsync(_wire, bytes.ToArray(), CancellationToken.None));

    public void Turn(ICollection<byte> written)
    {
        if (_sellsEach is { } pace && Now >= _nextSale)
        {
            _nextSale = Now + pace;
            Sell(1);
        }

        if (_isUp)
        {
            Task<TimeSpan?> wake = _register.Pump.WakeAsync(_wire, CancellationToken.None);
            Done(wake);
            _untilDue = wake.Result;
        }
        else
        {
            _untilDue = null;
        }

        foreach (byte one in _wire.Take())
        {
            written.Add(one);
        }
    }

    public void Sell(int lines) => _ = _register.RingUpOne(lines);

    public void Dispose() => Done(_register.DisposeAsync().AsTask());

    private static TimeSpan Later(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);

    private static void Done(Task task)
    {
        Assert.True(task.IsCompleted, "the pump waited, though nothing was there to wait for");
        task.GetAwaiter().GetResult();
    }

    private sealed class NoLine : ILine
    {
        public string Name => "memory";

        public Task<Stream> OpenAsync(CancellationToken cancellationToken) => throw new NotSupportedException("the line is stepped");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Takes what is written and never waits.</summary>
    private sealed class Wire : MemoryStream
    {
        public byte[] Take()
        {
            byte[] all = ToArray();
            SetLength(0);
            return all;
        }
    }
}
