namespace Invoicing.Authority.Intake;

/// <summary>What a device asks for when its ranges run low. Source: <c>intake.proto</c>, RangeRequest.</summary>
/// <param name="Granted">Number of the last grant that it has noted; 0 if none.</param>
/// <param name="Codes">Whether codes run low.</param>
/// <param name="Numbers">Whether numbers run low.</param>
/// <param name="Year">Of the numbers' series, 0..99.</param>
internal sealed record RangeWish(int Granted, bool Codes, bool Numbers, int Year);
