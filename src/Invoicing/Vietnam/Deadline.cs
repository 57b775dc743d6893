namespace Invoicing.Vietnam;

/// <summary>When invoices of a day have to be with the authority. Worked out when it is asked for and never stored: outages are announced later.</summary>
/// <param name="IssuedOn">Date of issue, in GMT+7.</param>
/// <param name="Due">First instant at which it is too late, in GMT+7.</param>
/// <param name="Rule">The rule.</param>
/// <param name="ExtendedBy">The last outage that extended it; <see langword="null"/> if none did.</param>
public sealed record Deadline(DateOnly IssuedOn, DateTimeOffset Due, DeadlineRule Rule, AnnouncedOutage? ExtendedBy);
