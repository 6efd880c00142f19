using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Chain;

/// <summary>
/// Elections and economy of a chain (specs/dpor). Its schedule then has one entry: the first validator set and the default proposers.
/// </summary>
/// <param name="Parameters">The numbers of D3.</param>
/// <param name="Foundation">Who gets the Foundation's part of fees (D11.2); not zero.</param>
public sealed record DporGenesis(DporParameters Parameters, Address Foundation)
{
    /// <summary>All coins that there ever are: 10^9 CPC, in base units (D15).</summary>
    public static UInt256 Supply { get; } = Units.Cpc * 1_000_000_000UL;

    /// <summary>Default proposers, at most (D1).</summary>
    public const int DefaultsMax = 64;

    /// <summary>Validators, at least and at most (D17).</summary>
    public const int ValidatorsMin = 4, ValidatorsMax = 64;

    /// <summary>Why a schedule does not go with elections; null where it does.</summary>
    public static string? FaultOf(CommitteeSchedule schedule)
    {
        if (schedule.Entries.Length != 1)
            return "with elections there is one entry: the first validators, and the default proposers";
        CommitteeEntry entry = schedule.Entries[0];
        if (entry.Validators.Length is < ValidatorsMin or > ValidatorsMax)
            return $"elections need {ValidatorsMin} to {ValidatorsMax} validators";
        return entry.Proposers.Length > DefaultsMax ? $"{DefaultsMax} default proposers at most" : null;
    }
}
