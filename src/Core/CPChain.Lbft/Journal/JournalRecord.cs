using CPChain.Lbft.Certificates;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Journal;

/// <summary>What a validator must remember across a crash (L5, L17).</summary>
public abstract record JournalRecord
{
    private JournalRecord() { }

    /// <summary>Work on this height has begun; what is recorded for lower heights is history.</summary>
    public sealed record HeightOpened(BlockNumber Height) : JournalRecord;

    /// <summary>This round was entered with this entry certificate.</summary>
    public sealed record RoundEntered(BlockNumber Height, int Round, Certificate? Entry) : JournalRecord;

    /// <summary>A higher P-certificate became known, in full (F15).</summary>
    public sealed record HighCertificate(Certificate Certificate) : JournalRecord;

    /// <summary>A vote is about to be signed; no other of its round and class ever will be.</summary>
    public sealed record VoteIntended(Statement Vote) : JournalRecord;

    /// <summary>A PROPOSE is about to be signed, with the certificate that backs it.</summary>
    public sealed record ProposeIntended(Statement Propose, Certificate? Backing) : JournalRecord;

    /// <summary>The signature of an intended statement, to be sent again byte for byte.</summary>
    public sealed record StatementSigned(SignedStatement Own) : JournalRecord;

    /// <summary>No vote at this height or below (L18).</summary>
    public sealed record MutedThrough(BlockNumber Height) : JournalRecord;

    /// <summary>An alarm stopped this validator (L20); only an operator's new journal ends it.</summary>
    public sealed record Halted(BlockNumber Height) : JournalRecord;
}
