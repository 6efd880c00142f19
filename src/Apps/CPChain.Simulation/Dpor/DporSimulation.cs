using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Simulation.Dpor;

/// <summary>What a simulation is asked for.</summary>
/// <param name="Terms">Terms to play, 5 or more.</param>
/// <param name="RNodes">Accounts that want to be RNodes, 1 to 2,000.</param>
/// <param name="Seed">Equal seeds give equal runs.</param>
/// <param name="Elections">Elections for the statistics, 1,000 or more; grinding is played for two fifths as many terms.</param>
/// <param name="CoalitionPercent">Weight of the coalition that grinds.</param>
public sealed record DporSimulationRequest(int Terms, int RNodes, ulong Seed, int Elections, int CoalitionPercent);

/// <summary>What it found.</summary>
/// <param name="Terms">Terms that were played.</param>
/// <param name="Blocks">Blocks that were made.</param>
/// <param name="Impeached">Numbers of them that were impeached.</param>
/// <param name="RNodes">RNodes at the end.</param>
/// <param name="Quits">How often an RNode left.</param>
/// <param name="Slashes">How often a deposit lost a half.</param>
/// <param name="ValidatorChanges">How often an RNode became a validator.</param>
/// <param name="Digest">Hash over all seeds and committees: equal runs on other builds have the same.</param>
/// <param name="Agree">Whether counters and block data gave the same seed and committee in every term, and every block its schedule.</param>
/// <param name="Disagreement">The first difference.</param>
/// <param name="SupplyConserved">Whether all balances together were the same after each block.</param>
/// <param name="ElectedSeats">Seats that elected accounts held, all terms together.</param>
/// <param name="DefaultSeats">Seats that default proposers held.</param>
/// <param name="Elections">Elections behind the statistics.</param>
/// <param name="ChiSquareP">How likely first draws at least as uneven are.</param>
/// <param name="InclusionWorst">Largest distance of a frequency of sitting from its chance, in standard errors.</param>
/// <param name="LowShare">The low group's share of seats.</param>
/// <param name="GrindingBias">What a coalition gains by withholding, as a part of all seats.</param>
/// <param name="GrindingBound">The bound of D9.5 for it.</param>
/// <param name="GrindingBiasWithDefaults">The same with default proposers in the coalition.</param>
/// <param name="GrindingBoundWithDefaults">The bound for that.</param>
/// <param name="GrindingError">Standard error of both, as a part of all seats.</param>
/// <param name="CoalitionShare">The coalition's part of seats without an attack.</param>
public sealed record DporReport(
    int Terms,
    ulong Blocks,
    ulong Impeached,
    int RNodes,
    int Quits,
    int Slashes,
    int ValidatorChanges,
    string Digest,
    bool Agree,
    string? Disagreement,
    bool SupplyConserved,
    long ElectedSeats,
    long DefaultSeats,
    int Elections,
    double ChiSquareP,
    double InclusionWorst,
    double LowShare,
    double GrindingBias,
    double GrindingBound,
    double GrindingBiasWithDefaults,
    double GrindingBoundWithDefaults,
    double GrindingError,
    double CoalitionShare)
{
    /// <summary>Whether everything that must hold does; measured means may be four standard errors above their bound.</summary>
    public bool Passed => Agree && SupplyConserved && ChiSquareP > 0.001
        && GrindingBias <= GrindingBound + 4 * GrindingError
        && GrindingBiasWithDefaults <= GrindingBoundWithDefaults + 4 * GrindingError;
}

/// <summary>Plays a network term by term, computes every committee twice, then measures the last roll.</summary>
public static class DporSimulation
{
    /// <summary>Runs it with the main network's numbers; reports finished terms.</summary>
    public static DporReport Run(DporSimulationRequest request, Action<int> finished, CancellationToken cancel)
    {
        DporParameters parameters = DporParameters.Main;
        SimulatedNetwork network = new(parameters, request.RNodes, request.Seed);
        BlockDataVerifier verifier = new(parameters, network.Genesis);
        string? disagreement = null;
        bool supplyHolds = true;
        ulong blocks = 0, impeached = 0;
        long elected = 0;
        Dictionary<RecordedAction, int> actions = [];
        Hash256 digest = Hash256.Zero;
        for (int term = 0; term < request.Terms; term++)
        {
            for (ulong i = 0; i < parameters.Terms.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                RecordedBlock block = network.Next();
                verifier.Read(block);
                blocks++;
                impeached += block.IsImpeach ? 1UL : 0;
                supplyHolds &= network.SupplyHolds;
                foreach (RecordedTransaction transaction in block.Transactions)
                    actions[transaction.Action] = actions.GetValueOrDefault(transaction.Action) + 1;
            }
            disagreement ??= Difference(network, verifier, (ulong)term);
            digest = With(digest, network.SeedOf((ulong)term), network.CommitteeOf((ulong)term + 2));
            elected += network.CommitteeOf((ulong)term).Seats.Count(static seat => seat.Elected);
            finished(term + 1);
        }
        Roll roll = network.MakeRoll();
        ElectionCampaign campaign = new(parameters, network.Genesis.Defaults, roll, request.Seed);
        bool measurable = roll.Entries.Length > parameters.Seats;
        double p = measurable ? campaign.FirstDrawP(request.Elections) : 1;
        (double worst, double low) = measurable ? campaign.Inclusion(request.Elections) : (0, 0);
        GrindingResult grinding = measurable
            ? new GrindingAttack(parameters, network.Genesis.Defaults, roll, request.Seed).Run(request.Elections * 2 / 5, request.CoalitionPercent)
            : new GrindingResult(0, 0, 0, 0, 0, 0, 0);
        return new DporReport(
            request.Terms, blocks, impeached, network.RNodes, actions.GetValueOrDefault(RecordedAction.Quit),
            actions.GetValueOrDefault(RecordedAction.Slash), actions.GetValueOrDefault(RecordedAction.Validators), digest.ToString(),
            disagreement is null, disagreement, supplyHolds, elected,
            (long)request.Terms * parameters.Seats - elected, measurable ? request.Elections : 0, p, worst, low,
            grinding.Gain / parameters.Seats, grinding.GainBound / parameters.Seats,
            grinding.GainWithDefaults / parameters.Seats, grinding.GainWithDefaultsBound / parameters.Seats,
            grinding.Error / parameters.Seats, grinding.CoalitionShare / parameters.Seats);
    }

    private static Hash256 With(Hash256 digest, Hash256 seed, Committee committee) => Keccak256.Hash(
        [.. digest.ToArray(), .. seed.ToArray(), .. committee.Seats.SelectMany(static seat => (byte[])[.. seat.Account.ToArray(), .. seat.Commitment.ToArray()])]);

    private static string? Difference(SimulatedNetwork network, BlockDataVerifier verifier, ulong term)
    {
        if (verifier.Fault is not null)
            return verifier.Fault;
        if (network.SeedOf(term) != verifier.SeedOf(term))
            return $"the seed of term {term}";
        return network.CommitteeOf(term + 2).Equals(verifier.CommitteeOf(term + 2)) ? null : $"the committee of term {term + 2}";
    }
}
