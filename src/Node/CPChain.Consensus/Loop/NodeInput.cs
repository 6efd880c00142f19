using CPChain.Chain;
using CPChain.Execution;
using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Types;

namespace CPChain.Consensus.Loop;

/// <summary>Everything that can reach the consensus loop. What comes from peers is decoded and its signatures are verified.</summary>
internal abstract record NodeInput
{
    private NodeInput() { }

    /// <summary>An event of the LBFT machine that needs nothing of the host.</summary>
    internal sealed record Protocol(LbftEvent Event) : NodeInput;

    /// <summary>PROPOSAL: a block under the seal of proposer(number).</summary>
    internal sealed record ProposalHeard(Block Block, Address From) : NodeInput;

    /// <summary>A valid certificate by itself, or with its block (VALIDATE).</summary>
    internal sealed record CertificateHeard(Certificate Certificate, Block? Body, Address From) : NodeInput;

    /// <summary>HEAD-QUERY.</summary>
    internal sealed record HeadAsked(Hash256 Nonce, Address From) : NodeInput;

    /// <summary>HEAD: a verified answer of this validator to the nonce (L18).</summary>
    internal sealed record HeadHeard(Address From, Hash256 Nonce, BlockNumber Head) : NodeInput;

    /// <summary>Answer to a body request.</summary>
    internal sealed record BodyFetched(Block Body) : NodeInput;

    /// <summary>The worker has executed a block on the parent of that height.</summary>
    internal sealed record Executed(OpenHeight Height, Block Block, ExecutionOutcome Outcome) : NodeInput;

    internal sealed record TimerFired(TimerKind Kind, BlockNumber Height, int Round) : NodeInput;

    internal sealed record ProposerTimerFired(BlockNumber Height) : NodeInput;

    /// <summary>The proposer's block is ready to be sealed.</summary>
    internal sealed record Built(OpenHeight Height, BuiltBlock Block) : NodeInput;

    /// <summary>Final blocks from a peer in order, each with its valid certificate. Done becomes the number of blocks taken.</summary>
    internal sealed record Import(
        IReadOnlyList<(Block Block, Certificate Certificate)> Blocks, TaskCompletionSource<int> Done) : NodeInput;

    /// <summary>A peer has connected.</summary>
    internal sealed record PeerConnected : NodeInput;

    /// <summary>A peer has stated its head; what it stated is with <see cref="Sync.BlockSync"/>.</summary>
    internal sealed record PeerStated : NodeInput;

    /// <summary>The proposer of the first height did not connect in time after the start.</summary>
    internal sealed record StartWaitOver : NodeInput;

    /// <summary>No peer is known to be ahead any more.</summary>
    internal sealed record CaughtUp : NodeInput;
}
