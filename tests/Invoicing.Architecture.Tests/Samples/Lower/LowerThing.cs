namespace Invoicing.Architecture.Tests.Samples.Lower;

public class LowerThing
{
    public static readonly int Count = 3;

    public int Own { get; set; }

    public static int Twice<T>(T value) => value is null ? 0 : 2;

    public static double Half(int value) => value / 2.0;
}
