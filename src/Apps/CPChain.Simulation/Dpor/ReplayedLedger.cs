using System.Collections.Immutable;
using System.Numerics;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Simulation.Dpor;

/// <summary>Balances, deposits, lists and deeds replayed from recorded blocks, each deed kept with its term; counts are made when asked for.</summary>
internal sealed class ReplayedLedger : IDporView
{
    private readonly DporParameters _parameters;
    private readonly SimulatedGenesis _genesis;
    private readonly Dictionary<Address, BigInteger> _balances;
    private readonly Dictionary<Address, BigInteger> _deposits = [];
    private readonly Dictionary<ulong, List<Candidate>> _lists = [];
    private readonly Dictionary<(Address Account, ulong Term), Hash256> _commitments = [];
    private readonly List<(ulong FromTerm, ImmutableArray<Address> Members)> _sets;
    private readonly Dictionary<Address, List<(ulong Term, Deed Kind)>> _deeds = [];
    private readonly Dictionary<Address, List<(ulong Term, BigInteger Lost)>> _lost = [];
    private readonly Dictionary<Address, List<(ulong Term, BigInteger Balance)>> _seen = [];
    private readonly Dictionary<Address, List<ulong>> _penalties = [];
    private readonly List<(ulong Term, bool Impeached, BigInteger Fees)> _outcomes = [];

    public ReplayedLedger(DporParameters parameters, SimulatedGenesis genesis)
    {
        _parameters = parameters;
        _genesis = genesis;
        _balances = genesis.Balances.ToDictionary(static pair => pair.Key, static pair => pair.Value.ToBigInteger());
        _sets = [(0, genesis.Validators)];
    }

    private enum Deed
    {
        Send,
        Block,
        Impeached,
        Upload,
        Sale,
        Receipt,
    }

    public void Read(RecordedBlock block, Slot slot)
    {
        ulong term = _parameters.Terms.TermOf(block.Number);
        Dictionary<Address, BigInteger> before = new(_balances);
        List<(Address Account, Deed Kind)> deeds = [];
        BigInteger fees = 0;
        foreach (RecordedTransaction transaction in block.Transactions)
        {
            fees += transaction.Fee.ToBigInteger();
            Add(transaction.Sender, -transaction.Fee.ToBigInteger());
            Run(block.Number, transaction);
            deeds.Add((transaction.Sender, Deed.Send));
            if (transaction.Action == RecordedAction.Upload)
                deeds.Add((transaction.Sender, Deed.Upload));
            if (transaction.Action == RecordedAction.Sale)
                deeds.Add((transaction.Other, Deed.Sale));
            if (transaction.Action == RecordedAction.Receipt)
                deeds.Add((transaction.Other, Deed.Receipt));
        }
        foreach ((Address account, Deed kind) in deeds)
        {
            if (IsRNode(account))
                Of(_deeds, account).Add((term, kind));
        }
        foreach (RecordedTransaction transaction in block.Transactions)
        {
            if (IsRNode(transaction.Sender))
                Of(_lost, transaction.Sender).Add((term, transaction.Fee.ToBigInteger() * _parameters.Fees.Lost / 1000));
        }
        BigInteger proposers = block.IsImpeach ? 0 : Pay(block, term, fees);
        _outcomes.Add((term, block.IsImpeach, proposers));
        Of(_deeds, slot.Account).Add((term, block.IsImpeach ? Deed.Impeached : Deed.Block));
        if (block.IsImpeach && slot.Elected)
            Of(_penalties, slot.Account).Add(term);
        foreach ((Address account, BigInteger balance) in _balances)
        {
            BigInteger old = before.GetValueOrDefault(account);
            if (old != balance && IsRNode(account))
                Of(_seen, account).AddRange([(term, old), (term, balance)]);
        }
    }

    public UInt256 BalanceOf(Address account) => UInt256.FromBigInteger(_balances.GetValueOrDefault(account));

    public UInt256 DepositOf(Address account) => UInt256.FromBigInteger(_deposits.GetValueOrDefault(account));

    public Deeds DeedsOf(Address account, ulong term)
    {
        int[] counts = new int[6];
        foreach (Deed kind in Recent(_deeds, account, term))
            counts[(int)kind]++;
        return new Deeds(
            (uint)counts[0], (ushort)counts[1], (ushort)counts[2], (uint)counts[3], (uint)counts[4], (uint)counts[5]);
    }

    public Money MoneyOf(Address account, ulong term)
    {
        BigInteger spent = Recent(_lost, account, term).Aggregate(BigInteger.Zero, static (sum, lost) => sum + lost);
        BigInteger[] seen = [.. Recent(_seen, account, term)];
        return new Money(seen.Length == 0 ? null : UInt256.FromBigInteger(seen.Min()), UInt256.FromBigInteger(spent));
    }

    public PenaltyQueue PenaltiesOf(Address account)
    {
        PenaltyQueue queue = default;
        foreach (ulong term in Of(_penalties, account))
            queue = queue.With(term);
        return queue;
    }

    public TermTotals TotalsOf(ulong term)
    {
        (ulong Term, bool Impeached, BigInteger Fees)[] all =
            [.. Enumerable.Reverse(_outcomes).TakeWhile(outcome => outcome.Term >= term).Where(outcome => outcome.Term == term)];
        return new TermTotals(
            (ushort)all.Count(static outcome => !outcome.Impeached),
            (ushort)all.Count(static outcome => outcome.Impeached),
            UInt256.FromBigInteger(all.Aggregate(BigInteger.Zero, static (sum, outcome) => sum + outcome.Fees)));
    }

    public ImmutableArray<Candidate> CandidatesOf(ulong term) => _lists.TryGetValue(term, out List<Candidate>? list) ? [.. list] : [];

    public Hash256 DefaultCommitmentOf(Address account, ulong term) => _commitments.GetValueOrDefault((account, term));

    public ImmutableArray<Address> ValidatorsOf(ulong term) => _sets.Last(set => set.FromTerm <= term).Members;

    private static List<T> Of<T>(Dictionary<Address, List<T>> all, Address account)
    {
        if (!all.TryGetValue(account, out List<T>? list))
            all[account] = list = [];
        return list;
    }

    // Terms only rise, so the end of the list has the latest.
    private static IEnumerable<T> Recent<T>(Dictionary<Address, List<(ulong Term, T Value)>> all, Address account, ulong term)
    {
        List<(ulong Term, T Value)> list = Of(all, account);
        for (int i = list.Count - 1; i >= 0 && list[i].Term >= term; i--)
        {
            if (list[i].Term == term)
                yield return list[i].Value;
        }
    }

    private bool IsRNode(Address account) =>
        _deposits.GetValueOrDefault(account) >= _parameters.RNodeDeposit.ToBigInteger();

    private void Add(Address account, BigInteger amount) => _balances[account] = _balances.GetValueOrDefault(account) + amount;

    private void Run(ulong number, RecordedTransaction transaction)
    {
        BigInteger amount = transaction.Amount.ToBigInteger();
        switch (transaction.Action)
        {
            case RecordedAction.Transfer or RecordedAction.Sale or RecordedAction.Receipt:
                Add(transaction.Sender, -amount);
                Add(transaction.Other, amount);
                break;
            case RecordedAction.Join:
                Add(transaction.Sender, -amount);
                _deposits[transaction.Sender] = amount;
                break;
            case RecordedAction.Quit:
                Add(transaction.Sender, _deposits[transaction.Sender]);
                _deposits.Remove(transaction.Sender);
                break;
            case RecordedAction.Slash:
                BigInteger half = _deposits[transaction.Other] / 2;
                _deposits[transaction.Other] -= half;
                Add(SystemContracts.Reserve, half);
                break;
            case RecordedAction.Claim:
                for (int i = 0; i < transaction.Commitments.Length; i++)
                {
                    ulong term = _parameters.Terms.TermOf(number) + 1 + (ulong)i;
                    if (!_lists.TryGetValue(term, out List<Candidate>? list))
                        _lists[term] = list = [];
                    list.Add(new Candidate(transaction.Sender, transaction.Commitments[i]));
                }
                break;
            case RecordedAction.Commit:
                _commitments[(transaction.Sender, transaction.Term)] = transaction.Commitments[0];
                break;
            case RecordedAction.Validators:
                _sets.Add((transaction.Term, transaction.Members));
                break;
            default:
                break;
        }
    }

    private BigInteger Pay(RecordedBlock block, ulong term, BigInteger fees)
    {
        FeeShares shares = _parameters.Fees;
        ImmutableArray<Address> validators = ValidatorsOf(term);
        BigInteger each = fees * shares.Validators / 1000 / validators.Length;
        BigInteger foundation = fees * shares.Foundation / 1000;
        BigInteger reserve = fees * shares.Reserve / 1000;
        BigInteger proposer = fees - foundation - reserve - each * validators.Length;
        foreach (Address validator in validators)
            Add(validator, each);
        Add(_genesis.Foundation, foundation);
        Era? era = _parameters.Eras.FirstOrDefault(era => block.Number <= era.LastNumber);
        BigInteger reward = BigInteger.Min(
            era?.Reward.ToBigInteger() ?? 0, _balances.GetValueOrDefault(SystemContracts.Reserve) + reserve);
        Add(SystemContracts.Reserve, reserve - reward);
        Add(block.Coinbase, proposer + reward);
        return proposer;
    }
}
