using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Sdk.Elections;

/// <summary>A committee, as dpor_getCommittee answers.</summary>
/// <param name="Term">The term.</param>
/// <param name="FirstNumber">Its first number.</param>
/// <param name="LastNumber">Its last number, the checkpoint.</param>
/// <param name="Seats">By seat.</param>
public sealed record CommitteeInfo(ulong Term, ulong FirstNumber, ulong LastNumber, IReadOnlyList<CommitteeSeat> Seats);

/// <summary>Where a number is in its term; view and seat are null for block 0.</summary>
public sealed record TermPlace(ulong Number, ulong Term, ulong? View, ulong? Seat);

/// <summary>Terms at a block, as dpor_getTerm answers.</summary>
/// <param name="Asked">The number that was asked for.</param>
/// <param name="FirstNumber">The first number of its term.</param>
/// <param name="Checkpoint">The last.</param>
/// <param name="Next">The number after the block.</param>
/// <param name="Proposer">Whose that is.</param>
/// <param name="Elected">Whether by an elected seat.</param>
/// <param name="Schedule">What it follows from (D10.1).</param>
public sealed record TermInfo(
    TermPlace Asked, ulong FirstNumber, ulong Checkpoint, TermPlace Next, Address Proposer, bool Elected, ScheduleState Schedule);

/// <summary>Reputation of an account, as dpor_getRpt answers.</summary>
/// <param name="Account">Whose.</param>
/// <param name="Term">The last term of the window.</param>
/// <param name="FirstTerm">The first.</param>
/// <param name="Rpt">0 to 10,000.</param>
/// <param name="Points">Points of the five dimensions, 0 to 100: balance, transactions, proxy, data, maintenance.</param>
/// <param name="IsRNode">Whether it has the deposit.</param>
/// <param name="Stands">Whether it stands on the list of the term.</param>
/// <param name="Standing">What h is compared with.</param>
/// <param name="IsRemoved">Whether that is below h.</param>
/// <param name="Impeached">Impeached slots in the penalty window.</param>
/// <param name="ImpeachedMax">So many leave no weight.</param>
public sealed record ReputationInfo(
    Address Account,
    ulong Term,
    ulong FirstTerm,
    ulong Rpt,
    IReadOnlyList<ulong> Points,
    bool IsRNode,
    bool Stands,
    ulong Standing,
    bool IsRemoved,
    ulong Impeached,
    ulong ImpeachedMax);
