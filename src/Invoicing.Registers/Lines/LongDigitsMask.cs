namespace Invoicing.Registers.Lines;

/// <summary>
/// Masks runs of nine digits and more: telephone numbers, tax codes, numbers of identity cards. For protocols of plain bytes without checksums.
/// </summary>
/// <remarks>Amounts of a till's receipt have at most eight digits in a row. A run longer than <see cref="MaxRun"/> is masked in parts.</remarks>
/// <param name="key">See <see cref="RecordingMask"/>.</param>
public sealed class LongDigitsMask(ReadOnlyMemory<byte> key) : RecordingMask(key)
{
    private const int MinRun = 9;

    private const int MaxRun = 64;

    private readonly List<byte> _run = new(MaxRun);

    /// <inheritdoc/>
    public override string Name => "digits";

    /// <inheritdoc/>
    public override byte[] Take(ReadOnlySpan<byte> bytes)
    {
        var output = new List<byte>(bytes.Length + _run.Count);
        foreach (byte b in bytes)
        {
            if (b is >= (byte)'0' and <= (byte)'9' && _run.Count < MaxRun)
            {
                _run.Add(b);
                continue;
            }

            Flush(output);
            (b is >= (byte)'0' and <= (byte)'9' ? _run : output).Add(b);
        }

        return [.. output];
    }

    /// <inheritdoc/>
    public override byte[] Finish()
    {
        var output = new List<byte>(_run.Count);
        Flush(output);
        return [.. output];
    }

    private void Flush(List<byte> output)
    {
        byte[] run = [.. _run];
        if (run.Length >= MinRun)
        {
            Replace(run);
        }

        output.AddRange(run);
        _run.Clear();
    }
}
