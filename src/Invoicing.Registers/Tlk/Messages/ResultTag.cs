namespace Invoicing.Registers.Tlk.Messages;

/// <summary>Tags of a result. TLK/1 §5.</summary>
internal static class ResultTag
{
    internal const byte Seq = 0x01;
    internal const byte Outcome = 0x02;
    internal const byte Code = 0x03;
    internal const byte Series = 0x04;
    internal const byte Number = 0x05;
    internal const byte Lookup = 0x06;
    internal const byte HoldReason = 0x07;
    internal const byte Text = 0x08;

    internal const byte Issued = 1;
    internal const byte Held = 2;
    internal const byte Recorded = 3;

    internal const byte HoldCodeConflict = 2;
    internal const byte HoldOther = 255;

    internal const int CodeLength = 23;
    internal const int SeriesLength = 6;
    internal const int LookupLength = 400;
    internal const int LargestNumber = 99_999_999;
}
