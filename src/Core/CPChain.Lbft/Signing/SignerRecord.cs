using System.Diagnostics.CodeAnalysis;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Signing;

/// <summary>Why the signer refuses (L17.3).</summary>
public enum SigningFault
{
    None,

    /// <summary>The height is below one already signed for.</summary>
    LowerHeight,

    /// <summary>A vote of a round below the highest signed.</summary>
    LowerRound,

    /// <summary>Another statement was signed for this height, round and class.</summary>
    AnotherVote,

    /// <summary>A P-class vote after the C-class vote of the round.</summary>
    PrepareAfterCommit,

    /// <summary>IMPEACH-PREPARE with a valid round below the last own commit.</summary>
    AgainstOwnCommit,

    /// <summary>Kind and rounds do not fit together.</summary>
    Malformed,
}

/// <summary>The signer's own memory, apart from the journal: what it must never contradict (L17.3).</summary>
/// <remarks>
/// The host makes the new record durable before it signs. WISH, STATUS and HEAD bind nobody and need no record.
/// </remarks>
public sealed record SignerRecord(
    BlockNumber Height,
    int Round,
    Statement? Prepare,
    Statement? Commit,
    Statement? Propose,
    int LastCommitRound,
    Statement? Seal)
{
    public const byte Version = 1;

    public static SignerRecord Empty { get; } = new(new BlockNumber(0), 0, null, null, null, Statement.NoRound, null);

    /// <summary>Whether the statement may be signed, and the record that must be durable before it is.</summary>
    /// <remarks>The same statement is authorised again, since the same signature comes out.</remarks>
    public SigningFault TryAuthorize(in Statement statement, out SignerRecord next)
    {
        next = this;
        if (!statement.IsWellFormed) return SigningFault.Malformed;

        return statement.Kind switch
        {
            StatementKind.Wish or StatementKind.Status or StatementKind.Head => SigningFault.None,
            StatementKind.Seal => AuthorizeSeal(statement, out next),
            _ => AuthorizeInRound(statement, out next),
        };
    }

    public byte[] Encode()
    {
        ByteWriter writer = new(512);
        writer.Byte(Version);
        writer.Ulong(Height.Value);
        writer.Int(Round);
        writer.Int(LastCommitRound + 1);
        Write(ref writer, Prepare);
        Write(ref writer, Commit);
        Write(ref writer, Propose);
        Write(ref writer, Seal);
        return writer.ToArray();
    }

    public static bool TryDecode(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignerRecord? record, out CodecFault fault)
    {
        ByteReader reader = new(bytes);
        record = reader.TryVersion(Version)
            && reader.TryUlong(out ulong height)
            && reader.TryRound(out int round)
            && reader.TryValidRound(out int lastCommitRound)
            && TryRead(ref reader, out Statement? prepare)
            && TryRead(ref reader, out Statement? commit)
            && TryRead(ref reader, out Statement? propose)
            && TryRead(ref reader, out Statement? seal)
            ? new SignerRecord(new BlockNumber(height), round, prepare, commit, propose, lastCommitRound, seal)
            : null;
        if (!reader.AtEndOrFail()) record = null;
        fault = reader.Fault;
        return record is not null;
    }

    private SigningFault AuthorizeInRound(in Statement statement, out SignerRecord next)
    {
        next = this;
        if (statement.Height < Height) return SigningFault.LowerHeight;

        SignerRecord current = statement.Height > Height
            ? new SignerRecord(statement.Height, 0, null, null, null, Statement.NoRound, Seal)
            : this;
        if (statement.Round < current.Round) return SigningFault.LowerRound;
        if (statement.Round > current.Round)
            current = current with { Round = statement.Round, Prepare = null, Commit = null, Propose = null };

        SigningFault fault;
        if (statement.Kind == StatementKind.Propose)
        {
            fault = current.Propose is { } proposed && proposed != statement ? SigningFault.AnotherVote : SigningFault.None;
            current = current with { Propose = statement };
        }
        else if (statement.Class == VoteClass.Prepare)
        {
            fault = current.Prepare switch
            {
                { } prepared when prepared == statement => SigningFault.None,
                not null => SigningFault.AnotherVote,
                _ when current.Commit is not null => SigningFault.PrepareAfterCommit,
                _ when statement.Round > 0 && statement.ValidRound < current.LastCommitRound => SigningFault.AgainstOwnCommit,
                _ => SigningFault.None,
            };
            current = current with { Prepare = statement };
        }
        else
        {
            fault = current.Commit is { } committed && committed != statement ? SigningFault.AnotherVote : SigningFault.None;
            current = current with { Commit = statement, LastCommitRound = statement.Round };
        }

        if (fault == SigningFault.None) next = current;
        return fault;
    }

    // A proposer's keys seal one block per height, whatever the validators' part of the record says (L8.1).
    private SigningFault AuthorizeSeal(in Statement statement, out SignerRecord next)
    {
        next = this;
        if (Seal is { } sealedBefore)
        {
            if (statement.Height < sealedBefore.Height) return SigningFault.LowerHeight;
            if (statement.Height == sealedBefore.Height && statement != sealedBefore) return SigningFault.AnotherVote;
        }

        next = this with { Seal = statement };
        return SigningFault.None;
    }

    private static void Write(ref ByteWriter writer, Statement? statement)
    {
        writer.Byte(statement is null ? (byte)0 : (byte)1);
        if (statement is { } some) writer.Statement(some);
    }

    private static bool TryRead(ref ByteReader reader, out Statement? statement)
    {
        statement = null;
        if (!reader.TryByte(out byte present)) return false;
        if (present > 1) return reader.Fail(CodecFault.Malformed);
        if (present == 0) return true;

        bool read = reader.TryStatement(out Statement some);
        statement = some;
        return read;
    }
}
