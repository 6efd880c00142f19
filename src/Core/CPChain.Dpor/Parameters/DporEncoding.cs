using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Dpor;

/// <summary>The numbers of D3 as RLP, for the hash of a chain's rules (C14.2): equal bytes are equal rules.</summary>
public static class DporEncoding
{
    private const ulong Version = 1;

    /// <summary>Appends the list: version, then the numbers in the order of the table.</summary>
    public static void WriteTo(RlpWriter writer, DporParameters parameters)
    {
        ReputationWeights weights = parameters.Weights;
        DeedPoints points = parameters.Points;
        FeeShares fees = parameters.Fees;
        writer.BeginList();
        writer.WriteUlong(Version);
        WriteAll(
            writer, parameters.Seats, parameters.Views, parameters.CandidatesMax, parameters.LowSeats, parameters.LowPercent,
            parameters.HandOverAfter, parameters.Window);
        WriteAll(writer, weights.Balance, weights.Transactions, weights.Proxy, weights.Data, weights.Maintenance);
        WriteAll(
            writer, parameters.SendsMax, points.Upload, points.UploadCap, points.Sale, points.SaleCap, points.Receipt,
            parameters.WeightFloor, parameters.RemovalBelow, parameters.PenaltyWindow, parameters.PenaltyLimit);
        WriteAll(writer, fees.Proposer, fees.Validators, fees.Foundation, fees.Reserve);
        writer.BeginList();
        foreach (Era era in parameters.Eras)
        {
            writer.BeginList();
            writer.WriteUlong(era.LastNumber);
            writer.WriteUInt256(era.Reward);
            writer.EndList();
        }
        writer.EndList();
        writer.WriteUInt256(parameters.RNodeDeposit);
        writer.WriteUlong(parameters.Season.RaiseSeconds);
        writer.WriteUlong(parameters.Season.LockSeconds);
        writer.WriteUlong(parameters.Season.SettleSeconds);
        writer.WriteUInt256(parameters.Season.SeasonPool);
        writer.WriteUlong(parameters.Season.YearSeconds);
        writer.WriteUInt256(parameters.Season.YearPool);
        writer.EndList();
    }

    private static void WriteAll(RlpWriter writer, params ReadOnlySpan<int> values)
    {
        foreach (int value in values)
            writer.WriteUlong((ulong)value);
    }
}
