namespace Invoicing.Demo.Running;

/// <summary>What the demo is to do.</summary>
/// <param name="Registers">Registers at work.</param>
/// <param name="Sales">Sales per register; <see langword="null"/>: until Ctrl-C.</param>
/// <param name="Seed">Same seed, same baskets.</param>
/// <param name="Pace">Pause between two sales of a register; zero is flat out.</param>
internal sealed record DemoPlan(int Registers, int? Sales, long Seed, TimeSpan Pace);
