using System.Globalization;

namespace Invoicing.Testing;

/// <summary>Property tests: many cases from one seed, which a failure names and <c>INVOICING_SEED</c> repeats.</summary>
public static class Seeded
{
    public const string Variable = "INVOICING_SEED";

    /// <summary>Variable with a factor for the number of cases, for hunts after what fails once in a thousand.</summary>
    public const string Factor = "INVOICING_CASES";

    /// <summary>Runs a property on <paramref name="cases"/> random sources; each case is repeatable alone by its own seed.</summary>
    public static void Run(int cases, Action<Random> property)
    {
        ArgumentNullException.ThrowIfNull(property);
        if (int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out int only))
        {
            property(new Random(only));
            return;
        }

        cases *= int.TryParse(Environment.GetEnvironmentVariable(Factor), CultureInfo.InvariantCulture, out int factor) ? factor : 1;
        int first = Random.Shared.Next();
        for (int i = 0; i < cases; i++)
        {
            int seed = unchecked(first + i);
            try
            {
                property(new Random(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"case {i + 1} of {cases} failed; repeat it with {Variable}={seed}: {e.Message}", e);
            }
        }
    }
}
