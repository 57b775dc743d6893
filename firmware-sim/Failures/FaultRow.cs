namespace FirmwareSim.Failures;

/// <summary>One fault of the table.</summary>
/// <param name="Fault">Which; its value is its number.</param>
/// <param name="Name">As a person writes it.</param>
/// <param name="Occasion">What is counted to find the moment: <c>@3</c> is the third.</param>
/// <param name="Fits">The protocols it makes sense for.</param>
/// <param name="Text">What happens.</param>
internal sealed record FaultRow(Fault Fault, string Name, string Occasion, Protocol Fits, string Text);
