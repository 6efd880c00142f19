using CPChain.Lbft.Values;
using CPChain.Network;

namespace CPChain.Consensus.Loop;

/// <summary>
/// When a starting validator enters its first height (rule H3): once it is connected to the others of a quorum and to the proposer. Before that
/// nothing can be decided, and a timer that ran would impeach a proposer for being one of the nodes that are still starting. A proposer
/// that does not come is waited for no longer than the timeout; the first word of another member about the height ends the wait.
/// At the first height of all, validators and its proposer wait as long for every member.
/// </summary>
internal sealed class StartGate(LoopContext context)
{
    private bool isWaitingForOthers;

    /// <summary>Whether the height may be entered now.</summary>
    internal bool MayEnter(OpenHeight open)
    {
        bool isFirst = open.Number.Value == 1;
        bool isProposer = open.Proposer == context.Identity;
        if (open.Self is null && !(isFirst && isProposer))
        {
            return true;
        }
        int members = open.Committee.Size.Validators;
        int missing = open.Self is null ? members : members - 1;
        for (int index = 0; index < members; index++)
        {
            missing -= context.Network.TryGetPeer(open.Committee[new Seat(index)], out Peer? _) ? 1 : 0;
        }
        if (members - missing < open.Committee.Size.StrongQuorum)
        {
            return false;
        }
        // J5.4: who starts after the first block was made is mute for a while, so that one waits for all.
        if ((isProposer || context.Network.TryGetPeer(open.Proposer, out _)) && (missing == 0 || !isFirst))
        {
            return true;
        }
        if (!isWaitingForOthers)
        {
            isWaitingForOthers = true;
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
