using Invoicing.NationalXml.Profiles;

namespace Invoicing.NationalXml.Messages;

/// <summary>The few messages that are being filled at a time, the one longest untouched first.</summary>
internal sealed class MessageShelf
{
    private readonly List<(ShelfKey Key, OpenMessage Message)> _open = [];

    public int Count => _open.Count;

    public OpenMessage? Find(ShelfKey key) => At(key) is >= 0 and int at ? _open[at].Message : null;

    /// <summary>Finds a message or begins it, and moves it behind the others.</summary>
    public OpenMessage Open(ShelfKey key, NationalProfile profile)
    {
        int at = At(key);
        OpenMessage message = at < 0 ? new(profile) : _open[at].Message;
        if (at >= 0)
        {
            _open.RemoveAt(at);
        }

        _open.Add((key, message));
        return message;
    }

    public OpenMessage Take(ShelfKey key)
    {
        int at = At(key);
        OpenMessage message = _open[at].Message;
        _open.RemoveAt(at);
        return message;
    }

    public OpenMessage? TakeOldest() => _open.Count == 0 ? null : Take(_open[0].Key);

    private int At(ShelfKey key) => _open.FindIndex(open => open.Key == key);
}
