using CPChain.Chain;
using CPChain.Consensus.Journals;
using CPChain.Consensus.Proposing;
using CPChain.Consensus.Signing;
using CPChain.Consensus.Wire;
using CPChain.Execution;
using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Messages;
using CPChain.Ledger;
using CPChain.Network;
using CPChain.TxPool;
using CPChain.Types;
using Microsoft.Extensions.Logging;

namespace CPChain.Consensus.Loop;

/// <summary>What the loop works with: the parts of the node, and the few things it does with several of them at once.</summary>
internal sealed class LoopContext
{
    private volatile Certificate? decision;
    private List<Block> recoveredBodies = [];

    internal required ChainLedger Ledger { get; init; }
    internal required TransactionPool Pool { get; init; }
    internal required IPeerNetwork Network { get; init; }
    internal required SectorJournal Journal { get; init; }
    internal required EvidenceBook Evidence { get; init; }

    /// <summary>Brings proofs of misconduct before the contract; null for who does not.</summary>
    internal EvidenceReporter? Reporter { get; set; }

    /// <summary>Commits a default proposer to its reveals; null for every other node.</summary>
    internal DefaultCommitter? Committer { get; set; }

    internal required CertificateBook Book { get; init; }
    internal required Inbox Inbox { get; init; }
    internal required LoopTimers Timers { get; init; }
    internal required TimeProvider Time { get; init; }
    internal required LbftParameters Parameters { get; init; }
    internal required ConsensusMetrics Metrics { get; init; }
    internal required ILogger Logger { get; init; }
    internal required TaskSet Tasks { get; init; }

    /// <summary>Where work beside the loop runs.</summary>
    internal required TaskScheduler Scheduler { get; init; }

    internal required EntropySource Entropy { get; init; }

    /// <summary>Null on a node that does not vote.</summary>
    internal required StatementSigner? Signer { get; init; }

    /// <summary>Why the journal counts as lost (L18), or null.</summary>
    internal string? JournalLoss { get; init; }

    internal ChainRules Rules => Ledger.Rules;
    internal Address Identity => Network.Identity;

    /// <summary>While it is open whether the chain began after this validator's first start; else null (J5.4).</summary>
    internal FirstStart? FirstStart { get; private set; }

    internal void BeginFirstStart(ulong? startedMs)
    {
        if (startedMs is { } started)
        {
            FirstStart = new FirstStart(started, (ulong)Parameters.DriftMs);
            Journal.Append(FirstStart.Record());
            Journal.Flush();
        }
    }

    internal void EndFirstStart() => FirstStart = null;

    internal void Recover(List<Block> bodies) => recoveredBodies = bodies;

    /// <summary>Bodies that the journal kept, once.</summary>
    internal List<Block> TakeRecoveredBodies()
    {
        List<Block> bodies = recoveredBodies;
        recoveredBodies = [];
        return bodies;
    }

    internal void Background(Func<Task> work) => Tasks.Run(work);

    /// <summary>Chain nodes gossip with chain nodes; storage nodes, proxies and clients are not told of blocks.</summary>
    internal static bool IsChainPeer(IPeer peer) => peer.Role is PeerRole.Validator or PeerRole.Proposer or PeerRole.Observer;

    /// <summary>The head of this node as the others are told (W8.2).</summary>
    internal byte[] StatusBytes()
    {
        BlockHeader head = Ledger.Head;
        return new ChainStatus(head.Number, head.Hash).Encode();
    }

    internal void TellHead() => Network.Broadcast(ChainMessages.Status, StatusBytes(), IsChainPeer);

    internal void SendLbft(Address to, LbftMessage message)
    {
        if (message is not LbftMessage.Cert { Certificate: var certificate } || IsCarried(certificate))
        {
            Network.Send(to, ChainMessages.Lbft, LbftMessageCodec.Encode(message));
        }
    }

    /// <summary>False for certificates of fewer than 2f+1 signers, as weakened rules make them: no format carries those.</summary>
    internal static bool IsCarried(Certificate certificate) => certificate.Signers.Count >= certificate.Committee.StrongQuorum;

    internal void KeepDecision(Certificate certificate) => decision = certificate;

    /// <summary>The C-certificate of a final height, or of the height whose block is still missing here (L11).</summary>
    internal Certificate? CertificateOf(ulong height)
    {
        if (decision is { } known && known.Height.Value == height)
        {
            return known;
        }
        return Ledger.CertificateOf(height) is { } bytes && CertificateCodec.TryDecode(bytes, out Certificate? certificate, out _)
            ? certificate
            : null;
    }

    /// <summary>Runs a block, its senders worked out first where many are unknown.</summary>
    internal ExecutionOutcome Run(Block block, BlockHeader parent, LedgerState parentState)
    {
        Block known = Pool.Intern(block);
        SenderRecovery.Run(known.Transactions, parentState, Scheduler);
        ExecutionOutcome outcome = BlockExecutor.Execute(known, parent, parentState, Rules);
        Pool.Remember(known);
        return outcome;
    }

    /// <summary>Appends a final block in one durable write and tells the pool (L11).</summary>
    /// <param name="block">The block.</param>
    /// <param name="certificate">What makes it final.</param>
    /// <param name="result">What it does.</param>
    /// <param name="proposer">Whose number it was, where it was decided here; null where it is imported.</param>
    internal void Append(Block block, Certificate certificate, BlockResult result, Address? proposer)
    {
        Ledger.Append(block, CertificateCodec.Encode(certificate), result);
        Pool.OnFinal(block, result, Ledger.HeadState);
        Metrics.Finalized(block.IsImpeach, isImported: proposer is null);
        if (proposer is not null)
        {
            Committer?.AfterBlock(block.Header.Number);
            Reporter?.AfterBlock(block.Header.Number);
        }
        if (block.IsImpeach && proposer is { } impeached)
        {
            Logger.ImpeachBlockFinal(block.Header.Number, certificate.Round, impeached.ToString());
        }
        else
        {
            Logger.BlockFinal(block.Header.Number, block.Hash.ToString(), block.Transactions.Length, certificate.Round);
        }
    }

    internal void Accuse(Misconduct misconduct)
    {
        Metrics.MisconductSeen();
        Evidence.Add(misconduct);
        Reporter?.Seen(misconduct);
        Logger.MisconductSeen(
            misconduct.Kind, misconduct.First.Statement.Height.Value, misconduct.First.Statement.ToString(), misconduct.Second.Statement.ToString());
    }

    internal void Alarm(LbftEffect.Alarm alarm)
    {
        Metrics.AlarmRaised();
        Journal.Flush();
        Evidence.Add(alarm);
        Logger.Alarm(alarm.First.Height.Value, alarm.Reason, Evidence.Path);
    }
}
