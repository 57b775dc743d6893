using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Signing;
using Invoicing.Sqlite;

namespace Invoicing.Authority.Ledger.Sqlite;

/// <summary>Appending: entries, claims, states, verdicts.</summary>
internal sealed partial class SqliteLedger
{
    /// <summary>How long attachments are kept: accounting documents, ten years. Source: Decree 174/2016/ND-CP, Art. 13.</summary>
    private const long KeptFor = 3_653L * 24 * 60 * 60 * 1000;

    /// <summary>Highest sequence of a register that a line can hold, as high as a position.</summary>
    private const long MaxSequence = EntryFields.MaxPosition;

    private readonly WriterStatements _statements;

    /// <inheritdoc/>
    public void AddChain(ChainId chain, EnrolmentGrant enrolment)
    {
        string seller = enrolment.Seller.TaxCode.ToString();
        _statements.InsertChain.Bind(0, chain.ToArray()).Bind(1, enrolment.Hash.ToArray()).Bind(2, enrolment.Bytes.Span)
            .Bind(3, seller).Bind(4, enrolment.Device).Run();
        long id = _file.LastRowId;
        _statements.InsertChainHead.Bind(0, id).Run();
        Remember(chain, new(id, new(enrolment, ChainState.Start(chain, enrolment), 0, 0)));
    }

    /// <inheritdoc/>
    public (long Index, Clashes Clashes) Append(ChainId chain, PreparedEntry entry)
    {
        ChainRow row = Row(chain) ?? throw new InvalidOperationException($"chain {chain} is not in the ledger: add it first");
        string seller = row.Standing.Enrolment.Seller.TaxCode.ToString();
        SignedEntry signed = entry.Entry;
        long index = _head.LastIndex + 1;
        SqliteStatement insert = EntryInsert(index);
        insert.Bind(0, index).Bind(1, _head.LedgerTime).Bind(2, row.Id).Bind(3, signed.Position).Bind(4, (long)signed.Kind);

        Clashes clashes = Clashes.None;
        if (!Bind(insert, 5, entry.Claims.Record is { } r ? new(LineKind.Record, r.Register, seller, r.Epoch, 1) : null,
            entry.Claims.Record?.Sequence ?? 0, MaxSequence))
        {
            clashes |= Clashes.Record;
        }

        if (!Bind(insert, 7, entry.Claims.Code is { } c ? new(LineKind.Code, c.Range.Block, string.Empty, 0, c.Range.First) : null,
            entry.Claims.Code?.Digits ?? 0, entry.Claims.Code?.Range.Last ?? 0))
        {
            clashes |= Clashes.Code;
        }

        if (!Bind(insert, 9, entry.Claims.Number is { } n ? new(LineKind.Number, n.Range.Series.ToString(), seller, 0, n.Range.First) : null,
            entry.Claims.Number?.Number ?? 0, entry.Claims.Number?.Range.Last ?? 0))
        {
            clashes |= Clashes.Number;
        }

        clashes |= AppendRare(entry.Claims, index);
        Span<byte> fixedBytes = stackalloc byte[EcdsaSignature.Length];
        signed.Hash.CopyTo(fixedBytes);
        insert.Bind(11, fixedBytes[..Sha256Hash.Length]);
        signed.Signature.CopyTo(fixedBytes);
        insert.Bind(12, fixedBytes).Bind(13, signed.Body.Span).Run();
        foreach (StoredAttachment attachment in entry.Attachments)
        {
            _statements.InsertAttachment.Bind(0, index).Bind(1, attachment.Slot).Bind(2, _head.LedgerTime + KeptFor)
                .Bind(3, attachment.Salt.Span).Bind(4, attachment.Content.Span).Run();
        }

        _head = _head with { LastIndex = index };
        ChainState state = row.Standing.State with { Position = signed.Position, Hash = signed.Hash };
        _chains[chain] = row with { Standing = row.Standing with { State = state, LastIndex = index } };
        return (index, clashes);
    }

    /// <summary>Claims that few entries make: closing a hole, correcting an invoice.</summary>
    private Clashes AppendRare(in Claims claims, long index)
    {
        Clashes clashes = Clashes.None;
        if (claims.Resolves is { } hole && _statements.CloseHole.Bind(0, hole.ToArray()).Bind(1, index).Run() == 0)
        {
            clashes |= Clashes.Hole;
        }

        if (claims.Corrects is { Type: not CorrectionType.BuyerNotice } corrects)
        {
            string code = corrects.Code.ToString();
            SqliteStatement find = _statements.FindCorrected.Bind(0, code).Bind(1, (long)corrects.Type);
            bool isTaken = find.Step();
            find.Reset();
            if (isTaken)
            {
                clashes |= Clashes.Corrected;
            }
            else
            {
                _statements.InsertCorrected.Bind(0, code).Bind(1, index).Bind(2, (long)corrects.Type).Run();
            }
        }

        return clashes;
    }

    /// <inheritdoc/>
    public void SetState(ChainState state)
    {
        ChainRow row = Row(state.Chain)!.Value;
        _statements.PutState.Bind(0, row.Id).Bind(1, state.PublicKey.Span).Bind(2, state.IsRetired ? 1 : 0).Run();
        _chains[state.Chain] = row with { Standing = row.Standing with { State = state } };
    }

    /// <inheritdoc/>
    public void AddVerdict(ChainId chain, StoredVerdict verdict)
    {
        ChainRow row = Row(chain)!.Value;
        _statements.InsertVerdict.Bind(0, row.Id).Bind(1, verdict.Number).Bind(2, verdict.Position)
            .Bind(3, verdict.Statement.Body.Span).Bind(4, verdict.Statement.Signature.ToArray()).Run();
        _chains[chain] = row with { Standing = row.Standing with { VerdictNumber = verdict.Number } };
    }

    /// <summary>Binds line and value of a claim, or NULL where there is none or where it is held already.</summary>
    /// <returns>Whether there is none or it is granted.</returns>
    private bool Bind(SqliteStatement insert, int parameter, LineKey? key, long value, long last)
    {
        long line = key is { } name ? Claim(name, value, last) : 0;
        if (line > 0)
        {
            insert.Bind(parameter, line).Bind(parameter + 1, value);
        }
        else
        {
            insert.BindNull(parameter).BindNull(parameter + 1);
        }

        return key is null || line > 0;
    }

    /// <summary>Asks heads and gaps whether a value is free; the insert's triggers then take it, or refuse the insert.</summary>
    /// <returns>The line; 0 if an earlier entry holds the value.</returns>
    private long Claim(in LineKey key, long value, long last)
    {
        if (!_lines.TryGetValue(key, out LineRow line))
        {
            line = FindLine(key) ?? AddLine(key, last);
        }

        if (value >= line.Next)
        {
            _lines[key] = line with { Next = value + 1 };
            return line.Id;
        }

        SqliteStatement gap = _statements.FindGap.Bind(0, line.Id).Bind(1, value);
        bool isFree = gap.Step() && gap.Number(0) >= value;
        gap.Reset();
        _lines[key] = line;
        return isFree ? line.Id : 0;
    }

    private LineRow? FindLine(in LineKey key)
    {
        if (_lines.Count >= 4 * MaxRemembered)
        {
            _lines.Clear();
        }

        SqliteStatement find = _statements.FindLine.Bind(0, (long)key.Kind).Bind(1, key.Name).Bind(2, key.Seller)
            .Bind(3, unchecked((long)key.Epoch)).Bind(4, key.First);
        LineRow? line = find.Step() ? new(find.Number(0), find.Number(1)) : null;
        find.Reset();
        return line;
    }

    private LineRow AddLine(in LineKey key, long last)
    {
        _statements.InsertLine.Bind(0, (long)key.Kind).Bind(1, key.Name).Bind(2, key.Seller)
            .Bind(3, unchecked((long)key.Epoch)).Bind(4, key.First).Bind(5, last).Run();
        long id = _file.LastRowId;
        _statements.InsertLineHead.Bind(0, id).Bind(1, key.First).Bind(2, last).Run();
        return new(id, key.First);
    }

    private SqliteStatement EntryInsert(long index)
    {
        int segment = LedgerSchema.Of(index, _segmentSize);
        if (_insertEntry is null || segment != _openSegment)
        {
            _insertEntry?.Dispose();
            if (segment > _openSegment)
            {
                _file.Execute(LedgerSchema.Segment(segment, _segmentSize));
            }

            _openSegment = segment;
            _insertEntry = _file.Statement($"""
                INSERT INTO {LedgerSchema.Table(segment)}(idx, time, chain, position, kind, record_line, record_value, code_line, code_value,
                  number_line, number_value, hash, signature, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """);
        }

        return _insertEntry;
    }
}
