using Invoicing.Registers.Drivers;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>The edge of a run: a driver on the cable, which is stopped with its gateway at moments of the run's and begins again with nothing but the journal.</summary>
internal sealed class RestartingEdge(TillRun run, Cable cable, Shop shop)
{
    private readonly Queue<EdgeStop> _stops = new(run.Stops.OrderBy(stop => stop.Bytes));

    /// <summary>The driver that runs, or ran last.</summary>
    public IRegisterDriver Driver { get; private set; } = run.Driver(cable.GatewayLine, shop);

    /// <summary>How often it was stopped.</summary>
    public int Stopped { get; private set; }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (_stops.TryDequeue(out EdgeStop? stop))
        {
            using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            cable.Watch(stop.Bytes, () => End(stop, life));
            try
            {
                await Driver.RunAsync(life.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // It was stopped.
            }
            finally
            {
                cable.Unwatch();
            }

            await shop.ReopenAsync();
            Stopped++;
            await Task.Delay(stop.Away, shop.Time, cancellationToken);
            Driver = run.Driver(cable.GatewayLine, shop);
        }

        await Driver.RunAsync(cancellationToken);
    }

    private void End(EdgeStop stop, CancellationTokenSource life)
    {
        if (!stop.IsInRecording)
        {
            _ = life.CancelAsync();
            return;
        }

        BusyRecorder recorder = shop.Recorder;
        recorder.WhenRecording = () =>
        {
            recorder.WhenRecording = null;
            _ = life.CancelAsync();
        };
    }
}
