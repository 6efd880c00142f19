using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>All numbers of DPoR that the genesis fixes (D3). Within the bounds of <see cref="Fault"/> no rule overflows.</summary>
public sealed record DporParameters
{
    /// <summary>Seats of a committee, at most.</summary>
    public const int SeatsMax = 64;

    /// <summary>Views of a term, at most.</summary>
    public const int ViewsMax = 16;

    /// <summary>Accounts on one list, at most.</summary>
    public const int CandidatesBound = 8192;

    /// <summary>Terms of a window, at most: one less than the ring has places (D5).</summary>
    public const int WindowMax = 15;

    /// <summary>No amount among the parameters is larger: 10^10 CPC, ten times all coins (D15) and below 2^96 base units.</summary>
    public static UInt256 SupplyMax { get; } = Units.Cpc * 10_000_000_000UL;

    /// <summary>S: proposers of a committee.</summary>
    public required int Seats { get; init; }

    /// <summary>W: how often each seat comes up in a term.</summary>
    public required int Views { get; init; }

    /// <summary>Accounts on the list of a term, at most.</summary>
    public required int CandidatesMax { get; init; }

    /// <summary>Seats for the low group (D7.3).</summary>
    public required int LowSeats { get; init; }

    /// <summary>How many per cent of those that stand are the low group.</summary>
    public required int LowPercent { get; init; }

    /// <summary>k: impeached slots of elected seats in a row that hand over the view (D10.3).</summary>
    public required int HandOverAfter { get; init; }

    /// <summary>w: terms that reputation looks back.</summary>
    public required int Window { get; init; }

    /// <summary>Weights of the dimensions.</summary>
    public required ReputationWeights Weights { get; init; }

    /// <summary>Sends of one term that count, at most.</summary>
    public required int SendsMax { get; init; }

    /// <summary>Points for deeds.</summary>
    public required DeedPoints Points { get; init; }

    /// <summary>The least base of a candidate without penalty, in units of RPT.</summary>
    public required int WeightFloor { get; init; }

    /// <summary>h: with less base, after the penalty, an account does not stand.</summary>
    public required int RemovalBelow { get; init; }

    /// <summary>How many terms an impeached slot counts.</summary>
    public required int PenaltyWindow { get; init; }

    /// <summary>So many impeached slots in the window leave no weight; 10 at most.</summary>
    public required int PenaltyLimit { get; init; }

    /// <summary>Who gets the fees.</summary>
    public required FeeShares Fees { get; init; }

    /// <summary>Block rewards.</summary>
    public required ImmutableArray<Era> Eras { get; init; }

    /// <summary>The least deposit of an RNode, base units.</summary>
    public required UInt256 RNodeDeposit { get; init; }

    /// <summary>The economy pool.</summary>
    public required SeasonTimes Season { get; init; }

    /// <summary>The main network's numbers.</summary>
    public static DporParameters Main { get; } = new()
    {
        Seats = 12,
        Views = 3,
        CandidatesMax = 5_000,
        LowSeats = 3,
        LowPercent = 50,
        HandOverAfter = 2,
        Window = 12,
        Weights = ReputationWeights.Paper,
        SendsMax = 36,
        Points = DeedPoints.Default,
        WeightFloor = 1_000,
        RemovalBelow = 300,
        PenaltyWindow = 278,
        PenaltyLimit = 9,
        Fees = FeeShares.Default,
        Eras = Era.Paper,
        RNodeDeposit = Units.Cpc * 200_000UL,
        Season = SeasonTimes.Main,
    };

    /// <summary>Short terms for devnets and tests.</summary>
    public static DporParameters Short { get; } = Main with
    {
        Seats = 4,
        Views = 2,
        CandidatesMax = 256,
        LowSeats = 1,
        Window = 3,
        SendsMax = 8,
        PenaltyWindow = 20,
        PenaltyLimit = 4,
        Eras = [new(100, Era.HundredthsOfCpc(1265)), new(200, Era.HundredthsOfCpc(951)), new(300, Era.HundredthsOfCpc(713))],
        RNodeDeposit = Units.Cpc * 20UL,
        Season = SeasonTimes.Short,
    };

    /// <summary>Arithmetic of terms under these numbers.</summary>
    public Terms Terms => new(Seats, Views);

    /// <summary>The first number outside its bounds, by field and reason; null when all are within.</summary>
    public (string Field, string Reason)? Fault()
    {
        (string Field, int Value, int Least, int Most)[] ranges =
        [
            ("seats", Seats, 1, SeatsMax), ("views", Views, 1, ViewsMax),
            ("candidatesMax", CandidatesMax, 1, CandidatesBound), ("lowSeats", LowSeats, 0, Seats),
            ("lowPercent", LowPercent, 0, 50), ("handOverAfter", HandOverAfter, 1, 64), ("window", Window, 1, WindowMax),
            ("sendsMax", SendsMax, 1, 1 << 20), ("weightFloor", WeightFloor, 1, 10_000),
            ("removalBelow", RemovalBelow, 1, WeightFloor), ("penaltyWindow", PenaltyWindow, 1, 1_000_000),
            ("penaltyLimit", PenaltyLimit, 1, PenaltyQueue.Capacity),
        ];
        foreach ((string field, int value, int least, int most) in ranges)
        {
            if (value < least || value > most)
                return (field, $"must be from {least} to {most}");
        }
        if (Weights.Fault() is string weights)
            return ("weights", weights);
        if (Points.Fault() is string points)
            return ("points", points);
        if (Fees.Fault() is string fees)
            return ("fees", fees);
        if (Season.Fault() is string season)
            return ("season", season);
        if (RNodeDeposit.IsZero || RNodeDeposit > SupplyMax)
            return ("rnodeDeposit", "from 1 unit to 10^10 CPC");
        return ErasFault();
    }

    private (string Field, string Reason)? ErasFault()
    {
        if (Eras.IsDefaultOrEmpty || Eras.Length > 16)
            return ("eras", "1 to 16 rows");
        for (int i = 0; i < Eras.Length; i++)
        {
            if (Eras[i].LastNumber <= (i == 0 ? 0 : Eras[i - 1].LastNumber))
                return ($"eras[{i}]", "last numbers must rise");
            if (Eras[i].Reward > SupplyMax)
                return ($"eras[{i}]", "a reward of 10^10 CPC at most");
        }
        return null;
    }
}
