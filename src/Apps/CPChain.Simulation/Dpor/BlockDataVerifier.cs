using System.Collections.Immutable;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Simulation.Dpor;

/// <summary>
/// Computes committees from recorded blocks alone (D18): no storage words, no rings, no running counters. It keeps every deed with its number and, at a
/// checkpoint, adds up those of the window.
/// </summary>
/// <param name="parameters">The chain's numbers.</param>
/// <param name="genesis">What everybody knows before block 1.</param>
public sealed class BlockDataVerifier(DporParameters parameters, SimulatedGenesis genesis)
{
    private readonly RollMaker _rolls = new(parameters, genesis.Defaults);
    private readonly Election _election = new(parameters, genesis.Defaults);
    private readonly ProposerSchedule _schedule = new(parameters, genesis.Defaults);
    private readonly ReplayedLedger _ledger = new(parameters, genesis);
    private readonly List<RecordedBlock> _blocks = [];
    private readonly Dictionary<ulong, Committee> _committees = [];
    private readonly Dictionary<ulong, Roll> _madeRolls = [];
    private readonly Dictionary<ulong, Hash256> _seeds = [];

    /// <summary>Why a block was refused; null while all are right.</summary>
    public string? Fault { get; private set; }

    /// <summary>The committee of a term that is known by now.</summary>
    public Committee CommitteeOf(ulong term)
    {
        if (!_committees.TryGetValue(term, out Committee? committee))
            _committees[term] = committee = _election.OfDefaults(term, _ledger);
        return committee;
    }

    /// <summary>The seed of a term that is over.</summary>
    public Hash256 SeedOf(ulong term) => _seeds[term];

    /// <summary>Reads the next block; at a checkpoint works out seed, committee and roll.</summary>
    public void Read(RecordedBlock block)
    {
        Terms terms = parameters.Terms;
        ulong term = terms.TermOf(block.Number);
        Slot slot = _schedule.SlotOf(block.Number, CommitteeOf(term), number => _blocks[(int)number - 1].IsImpeach);
        Fault ??= FaultOf(block, slot, term);
        _blocks.Add(block);
        _ledger.Read(block, slot);
        if (!terms.IsCheckpoint(block.Number))
            return;
        Hash256 mix = TermSeed.Begin(term == 0 ? genesis.BlockHash : _seeds[term - 1], term);
        for (ulong n = terms.FirstOf(term); n <= block.Number; n++)
            mix = TermSeed.Absorb(mix, n, _blocks[(int)n - 1].Extra);
        _seeds[term] = TermSeed.Finish(mix, term);
        if (_madeRolls.Remove(term + 2, out Roll? roll))
            _committees[term + 2] = _election.At(roll, _seeds[term], _ledger);
        _madeRolls[term + 3] = _rolls.At(term, _ledger);
    }

    private string? FaultOf(RecordedBlock block, Slot slot, ulong term)
    {
        if (block.Number != (ulong)_blocks.Count + 1)
            return $"block {block.Number} out of order";
        if (block.IsImpeach)
            return null;
        if (block.Coinbase != slot.Account)
            return $"block {block.Number} is of {block.Coinbase}, the schedule names {slot.Account}";
        Hash256 commitment = slot.Elected
            ? CommitteeOf(term).Seats.First(seat => seat.Account == slot.Account).Commitment
            : _ledger.DefaultCommitmentOf(slot.Account, term);
        bool right = commitment.IsZero
            ? block.Extra.IsZero : TermSeed.IsRight(block.Extra, commitment, parameters.Terms.OffsetOf(block.Number));
        return right ? null : $"block {block.Number} reveals what was not committed to";
    }
}
