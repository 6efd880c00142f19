using System.Numerics;
using CPChain.Contracts.Tests.World;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Pools;

/// <summary>The economy pool as slow and obvious code: every season's books, kept season by season for every account.</summary>
internal sealed class EconomyModel(BigInteger reserve)
{
    private static readonly BigInteger s_least = Cpc(20_000).ToBigInteger();

    private readonly Dictionary<Address, BigInteger> _deposits = [];
    private readonly Dictionary<Address, BigInteger> _interest = [];
    private ulong _closed;

    public enum Phase { Raising, Locked, Settling }

    public BigInteger Reserve { get; private set; } = reserve;

    public BigInteger Deposits => _deposits.Values.Aggregate(BigInteger.Zero, static (sum, d) => sum + d);

    /// <summary>Pool and payouts of each season that has come to settlement.</summary>
    public List<(BigInteger Pool, BigInteger Shares)> Seasons { get; } = [];

    public static Phase PhaseAt(ulong time) => ((time - Origin) % Season) switch
    {
        < Raising => Phase.Raising,
        < Raising + Locked => Phase.Locked,
        _ => Phase.Settling,
    };

    public BigInteger DepositOf(Address account) => _deposits.GetValueOrDefault(account);

    public BigInteger InterestOf(Address account) => _interest.GetValueOrDefault(account);

    /// <summary>False where the rules refuse it. The interest of a season is everybody's from its settlement on.</summary>
    public bool Deposit(Address account, BigInteger amount, ulong time)
    {
        if (PhaseAt(time) != Phase.Raising || amount == 0 || DepositOf(account) + amount < s_least) return false;
        CloseThrough(time);
        _deposits[account] = DepositOf(account) + amount;
        return true;
    }

    public bool Withdraw(Address account, BigInteger amount, ulong time)
    {
        BigInteger left = DepositOf(account) - amount;
        if (PhaseAt(time) != Phase.Raising || amount == 0 || left < 0 || (left > 0 && left < s_least)) return false;
        CloseThrough(time);
        _deposits[account] = left;
        return true;
    }

    /// <summary>What is paid; zero where it is refused.</summary>
    public BigInteger Collect(Address account, ulong time)
    {
        if (PhaseAt(time) != Phase.Settling) return 0;
        // A refused call changes nothing, so it does not open seasons either.
        EconomyModel tried = Copy();
        tried.CloseThrough(time);
        if (tried.InterestOf(account) == 0) return 0;
        CloseThrough(time);
        BigInteger paid = InterestOf(account);
        _interest[account] = 0;
        return paid;
    }

    public bool CatchUp(ulong time)
    {
        if (PhaseAt(time) == Phase.Locked) return false;
        CloseThrough(time);
        return true;
    }

    private void CloseThrough(ulong time)
    {
        ulong ended = (time - Origin) / Season + (PhaseAt(time) == Phase.Settling ? 1UL : 0UL);
        for (; _closed < ended; _closed++)
        {
            BigInteger all = Deposits, shares = 0;
            BigInteger pool = all == 0 ? 0 : BigInteger.Min(EconomyPoolTests.PoolOf(_closed).ToBigInteger(), Reserve);
            foreach ((Address account, BigInteger deposit) in _deposits)
            {
                BigInteger share = all == 0 ? 0 : pool * deposit / all;
                _interest[account] = InterestOf(account) + share;
                shares += share;
            }
            Reserve -= pool;
            Seasons.Add((pool, shares));
        }
    }

    private EconomyModel Copy()
    {
        EconomyModel copy = new(Reserve) { _closed = _closed };
        foreach ((Address account, BigInteger deposit) in _deposits) copy._deposits[account] = deposit;
        foreach ((Address account, BigInteger interest) in _interest) copy._interest[account] = interest;
        return copy;
    }
}
