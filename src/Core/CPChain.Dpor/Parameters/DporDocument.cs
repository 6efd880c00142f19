using System.Diagnostics.CodeAnalysis;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>The numbers of D3 as JSON; amounts are decimal strings of base units, because they pass 2^53.</summary>
public sealed record DporDocument
{
    public required int Seats { get; init; }

    public required int Views { get; init; }

    public required int CandidatesMax { get; init; }

    public required int LowSeats { get; init; }

    public required int LowPercent { get; init; }

    public required int HandOverAfter { get; init; }

    public required int Window { get; init; }

    public required WeightsDocument Weights { get; init; }

    public required int SendsMax { get; init; }

    public required PointsDocument Points { get; init; }

    public required int WeightFloor { get; init; }

    public required int RemovalBelow { get; init; }

    public required int PenaltyWindow { get; init; }

    public required int PenaltyLimit { get; init; }

    public required FeesDocument Fees { get; init; }

    public required EraDocument[] Eras { get; init; }

    public required string RnodeDeposit { get; init; }

    public required SeasonDocument Season { get; init; }

    /// <summary>The document of some parameters.</summary>
    public static DporDocument Of(DporParameters parameters) => new()
    {
        Seats = parameters.Seats,
        Views = parameters.Views,
        CandidatesMax = parameters.CandidatesMax,
        LowSeats = parameters.LowSeats,
        LowPercent = parameters.LowPercent,
        HandOverAfter = parameters.HandOverAfter,
        Window = parameters.Window,
        Weights = new WeightsDocument(
            parameters.Weights.Balance, parameters.Weights.Transactions, parameters.Weights.Proxy, parameters.Weights.Data,
            parameters.Weights.Maintenance),
        SendsMax = parameters.SendsMax,
        Points = new PointsDocument(
            parameters.Points.Upload, parameters.Points.UploadCap, parameters.Points.Sale, parameters.Points.SaleCap,
            parameters.Points.Receipt),
        WeightFloor = parameters.WeightFloor,
        RemovalBelow = parameters.RemovalBelow,
        PenaltyWindow = parameters.PenaltyWindow,
        PenaltyLimit = parameters.PenaltyLimit,
        Fees = new FeesDocument(
            parameters.Fees.Proposer, parameters.Fees.Validators, parameters.Fees.Foundation, parameters.Fees.Reserve),
        Eras = [.. parameters.Eras.Select(static era => new EraDocument(era.LastNumber, era.Reward.ToString()))],
        RnodeDeposit = parameters.RNodeDeposit.ToString(),
        Season = new SeasonDocument(
            parameters.Season.RaiseSeconds, parameters.Season.LockSeconds, parameters.Season.SettleSeconds,
            parameters.Season.SeasonPool.ToString(), parameters.Season.YearSeconds, parameters.Season.YearPool.ToString()),
    };

    /// <summary>The parameters if all are within their bounds; else the first bad field and why.</summary>
    public bool TryToParameters([NotNullWhen(true)] out DporParameters? parameters, out (string Field, string Reason) fault)
    {
        parameters = null;
        Era[] eras = new Era[Eras.Length];
        for (int i = 0; i < eras.Length; i++)
        {
            if (Eras[i] is null)
                return Refuse($"eras[{i}]", "must be an object", out fault);
            if (!TryAmount(Eras[i].Reward, out UInt256 reward))
                return Refuse($"eras[{i}].reward", NoAmount, out fault);
            eras[i] = new Era(Eras[i].LastNumber, reward);
        }
        if (!TryAmount(RnodeDeposit, out UInt256 deposit))
            return Refuse("rnodeDeposit", NoAmount, out fault);
        if (!TryAmount(Season.SeasonPool, out UInt256 seasonPool))
            return Refuse("season.seasonPool", NoAmount, out fault);
        if (!TryAmount(Season.YearPool, out UInt256 yearPool))
            return Refuse("season.yearPool", NoAmount, out fault);
        DporParameters read = new()
        {
            Seats = Seats,
            Views = Views,
            CandidatesMax = CandidatesMax,
            LowSeats = LowSeats,
            LowPercent = LowPercent,
            HandOverAfter = HandOverAfter,
            Window = Window,
            Weights = new ReputationWeights(Weights.Balance, Weights.Transactions, Weights.Proxy, Weights.Data, Weights.Maintenance),
            SendsMax = SendsMax,
            Points = new DeedPoints(Points.Upload, Points.UploadCap, Points.Sale, Points.SaleCap, Points.Receipt),
            WeightFloor = WeightFloor,
            RemovalBelow = RemovalBelow,
            PenaltyWindow = PenaltyWindow,
            PenaltyLimit = PenaltyLimit,
            Fees = new FeeShares(Fees.Proposer, Fees.Validators, Fees.Foundation, Fees.Reserve),
            Eras = [.. eras],
            RNodeDeposit = deposit,
            Season = new SeasonTimes(
                Season.RaiseSeconds, Season.LockSeconds, Season.SettleSeconds, seasonPool, Season.YearSeconds, yearPool),
        };
        if (read.Fault() is (string, string) wrong)
            return Refuse(wrong.Field, wrong.Reason, out fault);
        parameters = read;
        fault = default;
        return true;
    }

    private const string NoAmount = "must be a decimal number of base units below 2^256";

    private static bool TryAmount(string? text, out UInt256 amount)
    {
        amount = default;
        return text is { Length: > 0 and <= 80 } && UInt256.TryParse(text, out amount);
    }

    private static bool Refuse(string field, string reason, out (string Field, string Reason) fault)
    {
        fault = (field, reason);
        return false;
    }
}

/// <summary>Weights of the dimensions, in JSON.</summary>
public sealed record WeightsDocument(int Balance, int Transactions, int Proxy, int Data, int Maintenance);

/// <summary>Points for deeds, in JSON.</summary>
public sealed record PointsDocument(int Upload, int UploadCap, int Sale, int SaleCap, int Receipt);

/// <summary>Shares of fees, in JSON.</summary>
public sealed record FeesDocument(int Proposer, int Validators, int Foundation, int Reserve);

/// <summary>One era, in JSON.</summary>
public sealed record EraDocument(ulong LastNumber, string Reward);

/// <summary>The economy pool, in JSON.</summary>
public sealed record SeasonDocument(
    ulong RaiseSeconds, ulong LockSeconds, ulong SettleSeconds, string SeasonPool, ulong YearSeconds, string YearPool);
