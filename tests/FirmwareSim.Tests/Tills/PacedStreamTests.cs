using FirmwareSim.Lines;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Tills;

public sealed class PacedStreamTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMicroseconds(100);

    [Theory]
    [InlineData(9_600, 960, 1_000)]
    [InlineData(1_200, 60, 500)]
    [InlineData(115_200, 11_520, 1_000)]
    public async Task A_burst_takes_ten_bits_a_byte(int speed, int bytes, int milliseconds)
    {
        ManualTime time = new();
        await using MemoryLine line = new();
        using Stream host = line.Plug();
        await using PacedStream paced = new(await line.OpenAsync(TestContext.Current.CancellationToken), speed, time);
        var writing = Task.Run(() => paced.WriteAsync(new byte[bytes], TestContext.Current.CancellationToken).AsTask(), TestContext.Current.CancellationToken);

        TimeSpan passed = await DriveAsync(time, writing);

        AssertAbout(TimeSpan.FromMilliseconds(milliseconds), passed);
    }

    [Fact]
    public async Task A_byte_arrives_when_its_last_bit_would_have()
    {
        ManualTime time = new();
        await using MemoryLine line = new();
        using Stream host = line.Plug();
        await using PacedStream paced = new(await line.OpenAsync(TestContext.Current.CancellationToken), 9_600, time);
        Task writing = paced.WriteAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();
        Task<int> reading = host.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();

        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(writing.IsCompleted || reading.IsCompleted);

        time.Advance(TimeSpan.FromMilliseconds(1));
        await writing.Soon();
        Assert.Equal(1, await reading.Soon());
    }

    [Fact]
    public async Task What_the_host_sends_is_slow_too_and_after_a_pause_a_burst_begins_anew()
    {
        ManualTime time = new();
        await using MemoryLine line = new();
        using Stream host = line.Plug();
        await using PacedStream paced = new(await line.OpenAsync(TestContext.Current.CancellationToken), 9_600, time);
        await host.WriteAsync(new byte[4], TestContext.Current.CancellationToken);
        TimeSpan first = await DriveAsync(time, paced.ReadAsync(new byte[16], TestContext.Current.CancellationToken).AsTask());

        time.Advance(TimeSpan.FromSeconds(10));
        await host.WriteAsync(new byte[4], TestContext.Current.CancellationToken);
        TimeSpan second = await DriveAsync(time, paced.ReadAsync(new byte[16], TestContext.Current.CancellationToken).AsTask());

        AssertAbout(TimeSpan.FromMilliseconds(5), first);
        AssertAbout(TimeSpan.FromMilliseconds(5), second);
    }

    private static void AssertAbout(TimeSpan expected, TimeSpan passed) => Assert.InRange(passed, expected, expected + Step);

    /// <summary>Lets time pass only while the task waits for it.</summary>
    private static async Task<TimeSpan> DriveAsync(ManualTime time, Task task)
    {
        long start = time.GetTimestamp();
        long began = TimeProvider.System.GetTimestamp();
        while (!task.IsCompleted)
        {
            if (time.ArmedTimers > 0)
            {
                time.Advance(Step);
            }
            else
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < Waiting.Limit, "nothing waits and nothing is done");
                await Task.Yield();
            }
        }

        await task;
        return time.GetElapsedTime(start);
    }
}
