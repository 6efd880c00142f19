using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>Who makes a block and who decides it: what follows for a number from the state of the block before.</summary>
/// <param name="Number">The block's number, 1 or more.</param>
/// <param name="Proposer">The one proposer (C10.2, D10.2).</param>
/// <param name="IsElected">Whether it holds an elected seat and speaks for it; false without elections.</param>
/// <param name="Commitment">What its reveal must fit; zero where its <c>extra</c> is free (D9.2).</param>
/// <param name="Validators">V(number), in order.</param>
/// <param name="NextValidatorsHash">Hash of V(number + 1), which the header carries (C10.3).</param>
public sealed record Turn(
    ulong Number, Address Proposer, bool IsElected, Hash256 Commitment, ImmutableArray<Address> Validators, Hash256 NextValidatorsHash);
