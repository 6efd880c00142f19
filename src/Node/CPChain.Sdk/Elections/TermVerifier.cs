using System.Collections.Immutable;
using CPChain.Dpor;
using CPChain.Sdk.Proofs;
using CPChain.Types;

namespace CPChain.Sdk.Elections;

/// <summary>
/// Checks the committee of a term without running the chain (D18): headers by certificates from the genesis validators on, all inputs of roll
/// and strikes by proofs under two state roots, the seed from the reveals in headers. The rules are those that nodes run.
/// </summary>
public sealed class TermVerifier(ChainClient client, ChainTrust trust, ElectionRules rules)
{
    private readonly Terms _terms = rules.Parameters.Terms;
    private readonly TermElection _election = new(rules);

    /// <summary>Verifies the committee of a term.</summary>
    /// <param name="term">3 or more: earlier terms have default proposers by rule (D2.5).</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="TermNotDrawnException">The draw is still to come.</exception>
    /// <exception cref="StateNotKeptException">The node prunes the states that are needed.</exception>
    /// <exception cref="ProofException">The node did not prove what it says.</exception>
    public async Task<TermVerdict> VerifyAsync(ulong term, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(term, Terms.RollLead);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(term, Terms.Last);
        ulong rollTerm = term - Terms.RollLead;
        ulong drawTerm = term - Terms.DrawLead;
        ulong head = await client.GetBlockNumberAsync(cancel).ConfigureAwait(false);
        if (head < _terms.CheckpointOf(drawTerm)) throw new TermNotDrawnException(term, _terms.CheckpointOf(drawTerm), head);

        HeaderTrail trail = new(client, trust);
        ProvenHeader before = await trail.ToCheckpointAsync(_terms, rollTerm, cancel).ConfigureAwait(false);
        ImmutableArray<ProvenHeader> headers = await trail.TermBehindAsync(before, _terms, cancel).ConfigureAwait(false);
        ProvenState atRoll = new(client, before);
        ProvenState atDraw = new(client, headers[^1]);

        (Roll roll, Roll? storedRoll, TermBeginning? beginning) = await atRoll.ComputeAsync(
            words => _election.ReadRoll(words, before.Number, rollTerm), cancel).ConfigureAwait(false);
        if (beginning is null)
            throw new ProofException(ProofFault.Contradiction, $"the state of block {before.Number} has no whole committee of term {drawTerm}");
        TermReplay replay = TermReplay.Of(rules, beginning, [.. headers.Select(static header => header.Header)]);
        Drawn drawn = await atDraw.ComputeAsync(
            words => _election.Draw(words, headers[^1].Number, roll, replay, beginning.Committee), cancel).ConfigureAwait(false);
        CommitteeInfo said = await client.GetCommitteeAsync(term, headers[^1].Number, cancel).ConfigureAwait(false);

        ImmutableArray<SeatVerdict> seats = SeatsOf(drawn.Computed, drawn.Stored, said.Seats);
        return new TermVerdict(
            term, before.Number, headers[^1].Number, replay.Seed, roll, replay.Impeached, seats,
            [.. DifferencesOf(roll, storedRoll, replay, drawn, seats)], atRoll.Proven + atDraw.Proven);
    }

    private static ImmutableArray<SeatVerdict> SeatsOf(Committee computed, Committee? stored, IReadOnlyList<CommitteeSeat> said)
    {
        int count = Math.Max(computed.Seats.Length, Math.Max(stored?.Seats.Length ?? 0, said.Count));
        return
        [
            .. Enumerable.Range(0, count).Select(seat => new SeatVerdict(
                seat, At(computed.Seats, seat), stored is null ? null : At(stored.Seats, seat), At(said, seat))),
        ];
    }

    private static CommitteeSeat? At(IReadOnlyList<CommitteeSeat> seats, int seat) => seat < seats.Count ? seats[seat] : null;

    private static IEnumerable<string> DifferencesOf(
        Roll roll, Roll? storedRoll, TermReplay replay, Drawn drawn, ImmutableArray<SeatVerdict> seats)
    {
        if (storedRoll is null || !roll.Entries.SequenceEqual(storedRoll.Entries))
            yield return $"the roll of term {roll.Term} in the state is not the one that the rules make";
        if (drawn.StoredSeed != replay.Seed)
            yield return $"the seed in the state is {drawn.StoredSeed}; the reveals make {replay.Seed}";
        foreach ((Address account, int counted) in drawn.Impeached)
        {
            int found = replay.Impeached.Count(one => one.Account == account);
            if (found != counted)
                yield return $"{account} has {counted} impeached numbers in the state and {found} by the headers";
        }
        foreach (SeatVerdict seat in seats.Where(static seat => !seat.Agrees))
        {
            if (seat.Computed != seat.Stored)
                yield return $"seat {seat.Seat}: {Words(seat.Computed)} by the rules, {Words(seat.Stored)} in the state";
            if (seat.Computed != seat.Said)
                yield return $"seat {seat.Seat}: {Words(seat.Computed)} by the rules, {Words(seat.Said)} by the node";
        }
    }

    private static string Words(CommitteeSeat? seat) => seat is { } there
        ? $"{there.Account} ({(there.Elected ? "elected" : "default")}, commitment {there.Commitment.ToString()[..10]})" : "nobody";
}
