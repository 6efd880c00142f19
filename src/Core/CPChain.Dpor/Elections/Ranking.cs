using System.Collections.Frozen;
using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>
/// The accounts that stand, ranked among themselves as of a term (D6), and what anybody else would be worth if it alone stood beside them.
/// </summary>
public sealed class Ranking
{
    private readonly DporParameters _parameters;
    private readonly IDporView _view;
    private readonly ulong _term;
    private readonly ImmutableArray<Address> _accounts;
    private readonly FrozenSet<Address> _ranked;
    private readonly WindowSums[] _sums;
    private readonly ulong[] _balances;
    private readonly ulong[] _blocks;

    /// <summary>Ranks accounts as of the checkpoint of a term.</summary>
    /// <param name="parameters">The chain's numbers.</param>
    /// <param name="view">The state.</param>
    /// <param name="term">The last term of the window.</param>
    /// <param name="accounts">Who stands, each once.</param>
    public Ranking(DporParameters parameters, IDporView view, ulong term, ImmutableArray<Address> accounts)
    {
        (_parameters, _view, _term, _accounts) = (parameters, view, term, accounts);
        _ranked = [.. accounts];
        _sums = [.. accounts.Select(account => WindowSums.Of(parameters, view, term, account))];
        _balances = Rising(static sums => sums.WholeCpc);
        _blocks = Rising(static sums => sums.Blocks);
    }

    /// <summary>Scores of those that stand, in their order.</summary>
    public ImmutableArray<ReputationScore> Scores() => [.. _accounts.Select((account, i) => ScoreOf(account, _sums[i], 0))];

    /// <summary>Whether an account is one of those that stand.</summary>
    public bool Stands(in Address account) => _ranked.Contains(account);

    /// <summary>The score of any account. Where it does not stand, that which it would have if it stood beside all the others.</summary>
    public ReputationScore ScoreOf(in Address account) =>
        ScoreOf(account, WindowSums.Of(_parameters, _view, _term, account), Stands(account) ? 0 : 1);

    private ReputationScore ScoreOf(in Address account, in WindowSums sums, int joining)
    {
        ReputationWeights weights = _parameters.Weights;
        int balance = Reputation.PointsByRank(_balances, sums.WholeCpc, joining);
        int maintenance = Reputation.PointsByRank(_blocks, sums.Blocks, joining);
        int transactions = Reputation.TransactionPoints(_parameters, sums);
        int data = Reputation.DataPoints(_parameters.Points, sums);
        int proxy = Reputation.ProxyPoints(_parameters.Points, sums);
        int lasting = weights.Balance * balance + weights.Maintenance * maintenance;
        int activity = weights.Transactions * transactions + weights.Data * data + weights.Proxy * proxy;
        return new ReputationScore(
            account, balance, transactions, proxy, data, maintenance, lasting + activity, lasting, activity, sums.Spent,
            _view.PenaltiesOf(account).CountIn(_term, _parameters.PenaltyWindow));
    }

    private ulong[] Rising(Func<WindowSums, ulong> value)
    {
        ulong[] values = [.. _sums.Select(value)];
        Array.Sort(values);
        return values;
    }
}
