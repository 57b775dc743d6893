using Invoicing.Sales;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>What is printed, by what became of the sale.</summary>
internal sealed partial class GateSession
{
    /// <inheritdoc/>
    public void Done(int ticket, JobFate fate, long now, List<GateEffect> effects)
    {
        if (_waiting.FirstOrDefault(waiting => waiting.Ticket == ticket && waiting.Job is not null) is { } waiting && waiting.Ready is null)
        {
            waiting.Ready = waiting.Job!.Print(BlockOf(fate));
            Flush(effects);
        }
        else if (fate.Outcome is RecordOutcome.Issued)
        {
            Late(ticket, fate, effects);
        }
        else
        {
            _refused.Remove(ticket, out CapturedJob? refused);
            if (refused is not null)
            {
                effects.Add(new GateEffect.Print(refused.Print(BlockOf(fate))));
            }
        }
    }

    /// <summary>
    /// The code on an invoice; <i>not invoiced</i> on what looks like a sale and is not one; nothing on what is none, such as an order for the
    /// kitchen, nor where the printer's state is not known.
    /// </summary>
    private byte[] BlockOf(JobFate fate) => (fate.Class, fate.Outcome) switch
    {
        (_, RecordOutcome.Issued issued) => _block.Issued(issued.Invoice, issued.Lookup),
        (CaptureClass.Sale or CaptureClass.TotalsDiffer or CaptureClass.NoReceiptNumber or CaptureClass.NotRead or CaptureClass.ImageOnly, _) => _block.NotInvoiced(),
        _ => [],
    };

    /// <summary>The paper went out before the invoice was there, or was refused: then it goes out now.</summary>
    private void Late(int ticket, JobFate fate, List<GateEffect> effects)
    {
        effects.Add(new GateEffect.Count(TapCounters.IssuedLate));
        if (_refused.Remove(ticket, out CapturedJob? job))
        {
            effects.Add(new GateEffect.Print(job.Print(BlockOf(fate))));
        }
    }

    private void AtLimit(Waiting waiting, List<GateEffect> effects)
    {
        CapturedJob job = waiting.Job!;
        if (options.AtLimit == LimitChoice.PrintPlain)
        {
            effects.Add(new GateEffect.Count(TapCounters.PrintedPlain));
            waiting.Ready = job.Print(_block.NotInvoiced());
            return;
        }

        effects.Add(new GateEffect.Count(TapCounters.Refused));
        waiting.Ready = _block.Refused();
        if (_refused.Count == MostWaiting)
        {
            _refused.Remove(_refused.Keys.Min()); // its sale stays in the book; its paper is printed by a person
        }

        _refused.Add(waiting.Ticket, job);
    }
}
