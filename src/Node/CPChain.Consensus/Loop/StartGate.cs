using CPChain.Lbft.Values;
using CPChain.Types;

namespace CPChain.Consensus.Loop;

/// <summary>
/// When a starting validator enters its first height (rule H3): once the others of a quorum and the proposer are connected and state a head
/// no lower than its own. Before that nothing can be decided, and a timer that ran would impeach a proposer for being one of the nodes that
/// still start or still fetch what others finalized. A proposer that does not come is waited for no longer than three timeouts, once in a
/// start of all; where the chain is running, the first word of another member about the height ends the wait.
/// At the first height of all, validators and its proposer wait as long for every member.
/// </summary>
internal sealed class StartGate(LoopContext context, Func<Address, ulong?> statedHead)
{
    private const int TimeoutsToWait = 3;

    private bool isWaiting;
    private bool isOver;

    /// <summary>Whether the height may be entered now.</summary>
    internal bool MayEnter(OpenHeight open)
    {
        bool isFirst = open.Number.Value == 1;
        bool isProposer = open.Proposer == context.Identity;
        if (isOver || (open.Self is null && !(isFirst && isProposer)))
        {
            return true;
        }
        int members = open.Committee.Size.Validators;
        int missing = open.Self is null ? members : members - 1;
        for (int index = 0; index < members; index++)
        {
            missing -= IsAtHead(open, open.Committee[new Seat(index)]) ? 1 : 0;
        }
        if (members - missing < open.Committee.Size.StrongQuorum)
        {
            return false;
        }
        // J5.4: who starts after the first block was made is mute for a while, so that one waits for all.
        if ((isProposer || IsAtHead(open, open.Proposer)) && (missing == 0 || !isFirst))
        {
            return true;
        }
        if (!isWaiting)
        {
            isWaiting = true;
            context.Timers.StartWait(TimeoutsToWait * context.Parameters.TimeoutMs);
        }
        return false;
    }

    /// <summary>Whether this input ends the wait.</summary>
    internal bool MayEnter(OpenHeight open, NodeInput input)
    {
        isOver |= input is NodeInput.StartWaitOver or NodeInput.Protocol or NodeInput.ProposalHeard or NodeInput.CertificateHeard
            or NodeInput.HeadHeard;
        return isOver || (input is NodeInput.PeerConnected or NodeInput.PeerStated && MayEnter(open));
    }

    private bool IsAtHead(OpenHeight open, in Address peer) =>
        context.Network.TryGetPeer(peer, out _) && statedHead(peer) >= open.Parent.Number;
}
