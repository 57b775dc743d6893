using System.Collections.Concurrent;
using Invoicing.Authority.Enrolment.Acts;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Chain;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Enrolment;

/// <summary>Notes what a person should look at as an act: once an hour and device, however often it happens.</summary>
internal sealed class IntruderAlarms(AuthorityRegistry registry, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<ChainId, long> _noted = new();

    /// <summary>Notes an alarm.</summary>
    /// <param name="grant">The device that it is about.</param>
    /// <param name="text">What happened.</param>
    public void Note(EnrolmentGrant grant, string text)
    {
        long now = time.GetTimestamp();
        bool isNew = false;
        _noted.AddOrUpdate(
            grant.Id,
            _ =>
            {
                isNew = true;
                return now;
            },
            (_, before) =>
            {
                isNew = time.GetElapsedTime(before, now) >= Pause;
                return isNew ? now : before;
            });
        if (isNew)
        {
            registry.Note("authority", new ActDraft(ActKind.IntruderRefused, grant.Device, ("text", text.Length <= 1_000 ? text : text[..1_000])));
        }
    }
}
