namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>A register that does everything inside of the calls that it gets, on the caller's thread: time passes for it only between them.</summary>
internal interface ISteppedRegister : IDisposable
{
    /// <summary>The other end of its line is there, or gone.</summary>
    void Plug(bool isUp);

    /// <summary>Bytes came.</summary>
    void Receive(ReadOnlySpan<byte> bytes);

    /// <summary>Does what is due and hands out what it writes now.</summary>
    void Turn(ICollection<byte> written);

    /// <summary>Until it has something to do by itself; <see langword="null"/>: never.</summary>
    TimeSpan? UntilDue { get; }

    /// <summary>Rings up a sale.</summary>
    void Sell(int lines);
}
