using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.ModelChecking;

/// <summary>What a validator finds after losing power: its journal, as recovery reads it, and the stored bodies.</summary>
/// <param name="Height">What the journal says about the height.</param>
/// <param name="Stored">Bit per value whose body is durable.</param>
/// <param name="IsLost">The journal was lost; the host's mark stays until enough heads are known, so a restart is a loss again.</param>
internal sealed record Durable(RecoveredHeight? Height, ulong Stored, bool IsLost)
{
    public static Durable Nothing { get; } = new(null, 0, IsLost: false);

    /// <summary>The same with these records at the end of the journal and these bodies in the store.</summary>
    public Durable With(LbftRules rules, IEnumerable<JournalRecord> records, ulong stored)
    {
        LbftState restored = LbftRecovery.Restore(
            Vocabulary.Times, rules, new BlockNumber(0), [.. Records(), .. records]);
        return this with { Height = restored.Recovered, Stored = Stored | stored };
    }

    /// <summary>The state of the validator as the production recovery builds it.</summary>
    public LbftState Restore(LbftRules rules) =>
        LbftRecovery.Restore(Vocabulary.Times, rules, new BlockNumber(0), Records());

    /// <summary>Without what recovery makes no use of any more: the entry certificate and valid rounds of past votes.</summary>
    public Durable Reduce()
    {
        if (Height is not { } height) return this;

        OwnRound[] own = height.Own.Span.ToArray();
        bool isEntryPast = height.Round < 2;
        for (int index = 0; index < own.Length; index++)
        {
            if (own[index].Round == height.Round && (own[index].Prepare ?? own[index].Commit) is not null) isEntryPast = true;
            if (own[index].Prepare is { Signature: not null } prepare)
                own[index] = own[index] with
                {
                    Prepare = prepare with { Statement = prepare.Statement with { ValidRound = Statement.NoRound } },
                };
        }

        return this with
        {
            Height = height with
            {
                Own = ValueArray<OwnRound>.Of(own),
                Entry = isEntryPast ? null : Plain(height.Entry),
                High = Plain(height.High),
            },
        };
    }

    /// <summary>A certificate as if the lowest seats had signed it, without valid rounds: the machine looks at neither.</summary>
    public static Certificate? Plain(Certificate? certificate)
    {
        if (certificate is null) return null;

        SeatSet lowest = SeatSet.Empty;
        for (int seat = 0; seat < certificate.Signatures.Length; seat++) lowest = lowest.With(new Seat(seat));
        return certificate with
        {
            Signers = lowest,
            ValidRounds = ValueArray<int>.Repeat(Statement.NoRound, certificate.ValidRounds.Length),
        };
    }

    private List<JournalRecord> Records()
    {
        if (Height is not { } height) return [];

        List<JournalRecord> records = [new JournalRecord.HeightOpened(height.Height)];
        if (height.Round > 0) records.Add(new JournalRecord.RoundEntered(height.Height, height.Round, height.Entry));
        if (height.High is { } high) records.Add(new JournalRecord.HighCertificate(high));
        foreach (OwnRound own in height.Own)
        {
            Add(records, own.Prepare);
            Add(records, own.Commit);
        }

        return records;
    }

    private static void Add(List<JournalRecord> records, OwnStatement? own)
    {
        if (own is null) return;

        records.Add(new JournalRecord.VoteIntended(own.Statement));
        if (own.Signed is { } signed) records.Add(new JournalRecord.StatementSigned(signed));
    }
}
