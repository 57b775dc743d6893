namespace Invoicing.Catalogues;

/// <summary>Why a sale cannot be completed.</summary>
/// <param name="RuleId">
/// <see cref="NotCovered"/> or <see cref="RatesDiffer"/>. The ids stand in signed entries and never change their meaning.
/// </param>
/// <param name="Path">Where in the sale, such as <c>Lines[2].Rate</c>.</param>
/// <param name="Expected">What is wanted.</param>
/// <param name="Found">What is there.</param>
public sealed record CatalogueFault(string RuleId, string Path, string Expected, string Found)
{
    /// <summary>A line has no name or no rate, and the shop's catalogue does not state it either.</summary>
    public const string NotCovered = "VN-CATALOGUE-1";

    /// <summary>Register and catalogue state different rates: a person has to say which is right.</summary>
    public const string RatesDiffer = "VN-CATALOGUE-2";
}
