using System.Collections.Immutable;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Sdk.Elections;

/// <summary>What the state of a checkpoint has of an election, by the rules and as stored.</summary>
/// <param name="Computed">The committee that the rules make.</param>
/// <param name="Stored">The committee in the state; null if it is not there.</param>
/// <param name="StoredSeed">The seed in the state; null if it is not there.</param>
/// <param name="Impeached">Impeached numbers that the state counts, for everybody who may have had one.</param>
public sealed record Drawn(
    Committee Computed, Committee? Stored, Hash256? StoredSeed, ImmutableArray<(Address Account, int Impeached)> Impeached);

/// <summary>The two steps of an election worked out again from the words of two states (D18); where the words come from is another's matter.</summary>
public sealed class TermElection(ElectionRules rules)
{
    /// <summary>At the checkpoint three terms before the served one: its roll by the rules, its roll as stored, and the beginning of the term between.</summary>
    public (Roll Roll, Roll? Stored, TermBeginning? Beginning) ReadRoll(IWordView words, ulong number, ulong rollTerm)
    {
        StoredView view = new(words);
        StoredElections stored = new(rules.Parameters, rules.Defaults, number, words);
        ulong drawTerm = rollTerm + 1;
        Committee? committee = stored.CommitteeOf(drawTerm);
        Hash256? seed = stored.SeedOf(rollTerm);
        TermBeginning? beginning = committee?.Seats.Length == rules.Parameters.Seats && seed is { } before
            ? new TermBeginning(
                before, stored.Schedule(), committee,
                rules.Defaults.ToDictionary(static account => account, account => view.DefaultCommitmentOf(account, drawTerm)))
            : null;
        return (new RollMaker(rules.Parameters, rules.Defaults).At(rollTerm, view), stored.RollOf(rollTerm + Terms.RollLead), beginning);
    }

    /// <summary>At the checkpoint two terms before the served one: its committee by the rules and as stored, after the headers of the term between.</summary>
    public Drawn Draw(IWordView words, ulong number, Roll roll, TermReplay replay, Committee serving)
    {
        StoredView view = new(words);
        StoredElections stored = new(rules.Parameters, rules.Defaults, number, words);
        ulong drawTerm = roll.Term - Terms.DrawLead;
        return new Drawn(
            new Election(rules.Parameters, rules.Defaults).At(roll, replay.Seed, view),
            stored.CommitteeOf(roll.Term),
            stored.SeedOf(drawTerm),
            [
                .. serving.Seats.Select(static seat => seat.Account).Concat(rules.Defaults).Distinct()
                    .Select(account => (account, (int)view.DeedsOf(account, drawTerm).Impeached)),
            ]);
    }
}
