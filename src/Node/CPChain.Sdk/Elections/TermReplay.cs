using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Sdk.Proofs;
using CPChain.Types;

namespace CPChain.Sdk.Elections;

/// <summary>A number that was impeached.</summary>
/// <param name="Number">The number.</param>
/// <param name="Account">Whose it was (D10).</param>
/// <param name="Elected">Whether by an elected seat, so that its penalty queue takes it (D4.1).</param>
public readonly record struct ImpeachedNumber(ulong Number, Address Account, bool Elected);

/// <summary>What is known before the first number of a term.</summary>
/// <param name="SeedBefore">Seed of the term before; for term 0 the hash of block 0.</param>
/// <param name="Schedule">The schedule as it holds for the first number.</param>
/// <param name="Committee">The committee of the term.</param>
/// <param name="DefaultCommitments">Commitments of default proposers for the term; zero for none.</param>
public sealed record TermBeginning(
    Hash256 SeedBefore, ScheduleState Schedule, Committee Committee, IReadOnlyDictionary<Address, Hash256> DefaultCommitments);

/// <summary>What the headers of a term come to: a header's coinbase and extra are outcome and reveal (D18).</summary>
/// <param name="Seed">The seed of the term (D9.3).</param>
/// <param name="Impeached">Its impeached numbers, rising.</param>
public sealed record TermReplay(Hash256 Seed, ImmutableArray<ImpeachedNumber> Impeached)
{
    /// <summary>Goes through all headers of a term, in order.</summary>
    /// <exception cref="ProofException">A block is of somebody whose number it was not, or its reveal is wrong.</exception>
    public static TermReplay Of(ElectionRules rules, TermBeginning beginning, IReadOnlyList<BlockHeader> headers)
    {
        Terms terms = rules.Parameters.Terms;
        ulong term = beginning.Committee.Term;
        ProposerSchedule schedule = new(rules.Parameters, rules.Defaults);
        ScheduleState state = beginning.Schedule;
        Hash256 mix = TermSeed.Begin(beginning.SeedBefore, term);
        ImmutableArray<ImpeachedNumber>.Builder impeached = ImmutableArray.CreateBuilder<ImpeachedNumber>();
        for (int i = 0; i < headers.Count; i++)
        {
            BlockHeader header = headers[i];
            if (header.Number != terms.FirstOf(term) + (ulong)i || headers.Count != (int)terms.Length)
                throw new ProofException(ProofFault.WrongHeader, $"the headers are not those of term {term}");
            Slot slot = schedule.SlotOf(header.Number, state, beginning.Committee);
            if (header.IsImpeach) impeached.Add(new ImpeachedNumber(header.Number, slot.Account, slot.Elected));
            mix = TermSeed.Absorb(mix, header.Number, RevealOf(header, slot, beginning, terms));
            state = schedule.After(header.Number, state, slot, header.IsImpeach);
        }
        return new TermReplay(TermSeed.Finish(mix, term), impeached.ToImmutable());
    }

    private static Hash256 RevealOf(BlockHeader header, Slot slot, TermBeginning beginning, Terms terms)
    {
        if (header.IsImpeach) return Hash256.Zero;
        if (header.Coinbase != slot.Account)
            throw new ProofException(ProofFault.WrongProposer, $"block {header.Number} is of {header.Coinbase}; the number is {slot.Account}'s");
        Hash256 commitment = slot.Elected
            ? beginning.Committee.Seats[terms.SeatOf(header.Number)].Commitment
            : beginning.DefaultCommitments.GetValueOrDefault(slot.Account);
        if (commitment.IsZero) return Hash256.Zero;
        Hash256 reveal = header.Extra.Length == Hash256.Length ? Hash256.FromBytes(header.Extra.Span) : Hash256.Zero;
        return TermSeed.IsRight(reveal, commitment, terms.OffsetOf(header.Number))
            ? reveal : throw new ProofException(ProofFault.WrongReveal, $"the reveal of block {header.Number} does not fit the commitment of {slot.Account}");
    }
}
