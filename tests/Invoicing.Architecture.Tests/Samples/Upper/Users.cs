using System.Runtime.CompilerServices;
using Invoicing.Architecture.Tests.Samples.Lower;

namespace Invoicing.Architecture.Tests.Samples.Upper;

/// <summary>One way of using another folder in each type; the reader must see every one.</summary>
public sealed class ByBase : LowerThing;

public interface IByConstraint<T>
    where T : LowerThing;

public sealed class ByField
{
    public List<LowerThing[]>? Things { get; set; }
}

public sealed class ByCall
{
    private readonly Func<int> _call = () => LowerThing.Twice("text");

    public int Call() => _call();
}

public sealed class ByStaticField
{
    public static int Count() => LowerThing.Count;
}

public sealed class ByTypeOf
{
    public static string Name() => typeof(LowerThing).Name;
}

public sealed class ByGenericArgument
{
    public static int Size() => Unsafe.SizeOf<LowerThing>();
}

public sealed class ByCatch
{
    public static int Try(Func<int> get)
    {
        try
        {
            return get();
        }
        catch (LowerException)
        {
            return 0;
        }
    }
}

public sealed class ByAsyncLocal
{
    public static async Task<int> WaitAsync(Task<object> task) => await task is LowerThing ? 1 : 0;
}

[LowerMark]
public sealed class ByMarking;

public sealed class ByNothing
{
    public static string Name() => nameof(ByNothing);
}
