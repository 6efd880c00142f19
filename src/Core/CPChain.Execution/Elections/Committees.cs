using System.Collections.Immutable;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>Who proposes and who validates, as of a final state (rules C10, D10, D17). Safe for many threads.</summary>
public abstract class Committees
{
    /// <summary>The turn of a number from the state of the block before it.</summary>
    public abstract Turn TurnOf(ulong number, IStateReader parentState);

    /// <summary>
    /// Whether an account may turn out to propose a number near the head, as far as the head's state tells: that the number before may be
    /// impeached leaves two of them. For judging what peers send before a block is due.
    /// </summary>
    public abstract bool MayPropose(in Address account, ulong number, IStateReader headState);

    /// <summary>
    /// V(number) for any number that the state of block <paramref name="head"/> settles: those up to it, and those ahead that no
    /// later block can change any more (D17). Null for numbers farther ahead.
    /// </summary>
    /// <param name="number">1 or more.</param>
    /// <param name="setHash">Hash of V(number) by the header before it, where that is known.</param>
    /// <param name="head">Number of the block that the state is of.</param>
    /// <param name="headState">That state.</param>
    public abstract ImmutableArray<Address>? ValidatorsOf(ulong number, Hash256? setHash, ulong head, IStateReader headState);

    /// <summary>
    /// First and last number of the run around the one after the head in which the validators are the same; Through is null when no change
    /// is settled (L21).
    /// </summary>
    public abstract (ulong From, ulong? Through) ValidatorsRun(ulong head, IStateReader headState);

    /// <summary>Whether an account may connect as a proposer: it is one, or may become one without more than a draw (H4).</summary>
    public abstract bool MayServeAsProposer(in Address account, IStateReader headState);

    /// <summary>Whether a proposer finds a place among the peers however many others there are: it is a default proposer, or has a seat that is drawn (H4).</summary>
    public abstract bool HoldsSeat(in Address account, ulong head, IStateReader headState);

    /// <summary>Whether it may connect as a validator: it is in the set, or in one that is settled.</summary>
    public abstract bool MayServeAsValidator(in Address account, IStateReader headState);
}
