using CPChain.Lbft.Values;
using CPChain.Network;

namespace CPChain.Consensus.Loop;

/// <summary>
/// When a starting validator enters its first height (rule H3): once it is connected to the others of a quorum and to the proposer. Before that
/// nothing can be decided, and a timer that ran would impeach a proposer for being one of the nodes that are still starting. A proposer
/// that does not come is waited for no longer than the timeout; the first word of another member about the height ends the wait.
/// </summary>
internal sealed class StartGate(LoopContext context)
{
    private bool isWaitingForProposer;

    /// <summary>Whether the height may be entered now.</summary>
    internal bool MayEnter(OpenHeight open)
    {
        if (open.Self is null)
        {
            return true;
        }
        int others = 0;
        for (int index = 0; index < open.Committee.Size.Validators; index++)
        {
            others += context.Network.TryGetPeer(open.Committee[new Seat(index)], out Peer? _) ? 1 : 0;
        }
        if (others < open.Committee.Size.StrongQuorum - 1)
        {
            return false;
        }
        if (context.Network.TryGetPeer(open.Proposer, out _))
        {
            return true;
        }
        if (!isWaitingForProposer)
        {
            isWaitingForProposer = true;
            context.Timers.StartWait(context.Parameters.TimeoutMs);
        }
        return false;
    }

    /// <summary>Whether this input ends the wait.</summary>
    internal bool MayEnter(OpenHeight open, NodeInput input) => input switch
    {
        NodeInput.StartWaitOver => true,
        NodeInput.PeerConnected => MayEnter(open),
        NodeInput.Protocol or NodeInput.ProposalHeard or NodeInput.CertificateHeard or NodeInput.Import => true,
        _ => false,
    };
}
