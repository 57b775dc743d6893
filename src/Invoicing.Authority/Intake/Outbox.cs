namespace Invoicing.Authority.Intake;

/// <summary>What is to be sent on a stream, in order. An answer that nobody took yet is replaced by the next one: it says more.</summary>
internal sealed class Outbox
{
    /// <summary>Items that may wait for a caller who does not read: welcome, refusal, and verdicts and answers in turn.</summary>
    private const int Capacity = 1_024;

    private readonly Lock _gate = new();
    private List<IntakeEffect> _items = [];
    private TaskCompletionSource _filled = NewSignal();
    private bool _isClosed;

    /// <summary>Adds an item.</summary>
    /// <returns>False if the caller reads too slowly: the stream has to end.</returns>
    public bool TryAdd(IntakeEffect item)
    {
        lock (_gate)
        {
            if (item is IntakeEffect.Answer && _items.Count > 0 && _items[^1] is IntakeEffect.Answer)
            {
                _items[^1] = item;
            }
            else if (_items.Count >= Capacity)
            {
                return false;
            }
            else
            {
                _items.Add(item);
            }

            _filled.TrySetResult();
            return true;
        }
    }

    /// <summary>Nothing will be added any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _filled.TrySetResult();
        }
    }

    /// <summary>Waits for items.</summary>
    /// <returns>All of them; empty when closed and everything was taken.</returns>
    public async Task<IReadOnlyList<IntakeEffect>> TakeAsync()
    {
        while (true)
        {
            Task filled;
            lock (_gate)
            {
                if (_items.Count > 0 || _isClosed)
                {
                    List<IntakeEffect> taken = _items;
                    _items = [];
                    if (!_isClosed)
                    {
                        _filled = NewSignal();
                    }

                    return taken;
                }

                filled = _filled.Task;
            }

            await filled;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
