using System.Buffers.Binary;
using System.Globalization;
using CPChain.Chain;
using CPChain.Consensus.Journals;
using CPChain.Consensus.Loop;
using CPChain.Consensus.Signing;
using CPChain.Lbft;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Votes;
using CPChain.Storage.Disks;
using CPChain.Types;

namespace CPChain.Consensus;

/// <summary>What a node remembers of its own sayings across a crash: the journal and the signer's record, read together (L17.2, L18).</summary>
internal sealed class NodeMemory : IDisposable
{
    private readonly List<JournalRecord> records = [];
    private bool isMarkedLost;

    private NodeMemory(SignerFile signer) => Signer = signer;

    internal SectorJournal Journal { get; private set; } = null!;
    internal SignerFile Signer { get; }

    /// <summary>Blocks that this node voted for above the head.</summary>
    internal List<Block> Bodies { get; } = [];

    /// <summary>The last block that this proposer promised to seal, without its seal.</summary>
    internal Block? Intent { get; private set; }

    /// <summary>Nothing was ever written here and the chain has only its genesis.</summary>
    internal bool IsFirstStart { get; private set; }

    /// <summary>Wall clock of a first start of which is still open whether the chain is new, milliseconds, or null (J5.4).</summary>
    internal ulong? FirstStartedMs { get; private set; }

    /// <summary>Why what was said is not known, or null (L18).</summary>
    internal string? Loss { get; private set; }

    /// <summary>Throws <see cref="Storage.StorageFailure"/> and <see cref="UnknownJournalException"/>.</summary>
    internal static NodeMemory Open(
        IDisk disk, string directory, ulong head, BlockLimits limits, long segmentBytes = SectorJournal.SegmentBytesDefault)
    {
        disk.CreateDirectory(directory);
        NodeMemory memory = new(SignerFile.Open(disk, Path.Combine(directory, "signer")));
        try
        {
            memory.Journal = SectorJournal.Open(disk, directory, "consensus", record => memory.Replay(record, limits), segmentBytes);
            memory.Bodies.RemoveAll(body => body.Header.Number <= head);
            memory.Judge(head);
            return memory;
        }
        catch
        {
            memory.Signer.Dispose();
            throw;
        }
    }

    internal LbftState Restore(LbftParameters parameters, ulong head, LbftRules? rules = null) =>
        LbftRecovery.Restore(parameters, rules ?? LbftRules.Certified, new BlockNumber(head), records);

    /// <summary>What must outlive a change of the journal's file.</summary>
    internal static IEnumerable<byte[]> RecordsToKeep(LbftState state, FirstStart? firstStart)
    {
        if (firstStart is not null)
        {
            yield return firstStart.Record();
        }
        if (state.Inquiry is not null)
        {
            yield return NodeRecord.Encode(NodeRecordKind.Lost, []);
        }
        else if (state.MuteThrough.Value > 0)
        {
            yield return NodeRecord.Encode(new JournalRecord.MutedThrough(state.MuteThrough));
        }
    }

    public void Dispose()
    {
        Journal.Dispose();
        Signer.Dispose();
    }

    private void Replay(ReadOnlySpan<byte> bytes, BlockLimits limits)
    {
        if (!NodeRecord.TryDecode(bytes, out NodeRecord? record))
        {
            throw new UnknownJournalException("The consensus journal holds a record of a kind that this program does not know; use a newer cpchain.");
        }
        byte[] content = record.Value.Content;
        switch (record.Value.Kind)
        {
            case NodeRecordKind.Lbft when JournalCodec.TryDecode(content, out JournalRecord? lbft, out CodecFault fault):
                isMarkedLost &= lbft is not JournalRecord.MutedThrough;
                records.Add(lbft);
                break;
            case NodeRecordKind.Lbft:
                throw new UnknownJournalException("The consensus journal holds an LBFT record of a version that this program does not know; use a newer cpchain.");
            case NodeRecordKind.Body when Block.TryDecode(content, limits, out Block? body, out _):
                Bodies.Add(body);
                break;
            case NodeRecordKind.SealIntent when Block.TryDecode(content, limits, out Block? intent, out _):
                Intent = intent;
                break;
            case NodeRecordKind.Lost:
                isMarkedLost = true;
                FirstStartedMs = null;
                break;
            case NodeRecordKind.FirstStart when content.Length == sizeof(ulong):
                FirstStartedMs = BinaryPrimitives.ReadUInt64LittleEndian(content);
                break;
            case NodeRecordKind.ChainIsNew:
                FirstStartedMs = null;
                break;
            default:
                break;
        }
    }

    private void Judge(ulong head)
    {
        SignedHeight signed = new(Signer.Record.Height.Value, Signer.Record.Prepare is not null || Signer.Record.Commit is not null);
        bool isKnown = records.Any(record => record is JournalRecord.VoteIntended { Vote: var vote } && vote.Height == Signer.Record.Height);
        // Records, not files: a crash may leave files in which nothing was said yet.
        IsFirstStart = records.Count == 0 && Journal.Condition != JournalCondition.Damaged && !isMarkedLost && FirstStartedMs is null
            && Signer.IsNew && head == 0;
        Loss = isMarkedLost ? "an earlier loss is not made good yet"
            : Journal.Condition == JournalCondition.Damaged ? "a record before the last is damaged"
            : Signer.IsDamaged ? "the signer's record is damaged"
            : Journal.Condition == JournalCondition.New && !IsFirstStart ? "there is no journal beside the chain"
            : signed.HasVotes && signed.Height > head && !isKnown
                ? string.Create(CultureInfo.InvariantCulture, $"the signer has signed for block {signed.Height}, of which the journal knows nothing")
            : null;
    }

    private readonly record struct SignedHeight(ulong Height, bool HasVotes);
}
