using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Simulation.Dpor;

/// <summary>
/// A network without messages: RNodes join, trade, claim, propose, fail, are slashed and leave. Each block changes storage words as a node would,
/// through the end-of-block step, and is recorded as anybody could see it.
/// </summary>
public sealed class SimulatedNetwork
{
    private readonly DporParameters _parameters;
    private readonly SeededRandom _random;
    private readonly MemoryWords _state = new();
    private readonly SimulatedContracts _contracts;
    private readonly EndOfBlockStep _step;
    private readonly ImmutableArray<SimulatedMember> _members;
    private readonly Dictionary<Address, SimulatedMember> _byAccount;
    private readonly ulong _seed;
    private ulong _number;
    private ulong _committedFor;

    /// <summary>A network of so many accounts that want to be RNodes, 1 to 2,000.</summary>
    public SimulatedNetwork(DporParameters parameters, int rnodes, ulong seed)
    {
        _parameters = parameters;
        _seed = seed;
        _random = new SeededRandom(seed);
        _contracts = new SimulatedContracts(_state, parameters.Terms);
        ImmutableArray<Address> defaults = [.. Enumerable.Range(0, 12).Select(static i => Named("default", i))];
        ImmutableArray<Address> validators = [.. Enumerable.Range(0, 4).Select(static i => Named("validator", i))];
        _step = new EndOfBlockStep(parameters, defaults);
        _members = [.. Enumerable.Range(0, rnodes).Select(i => new SimulatedMember(Named("rnode", i), Failing()))];
        _byAccount = _members.ToDictionary(static member => member.Account);
        _contracts.SetValidators(Slots.ValidatorsInForce, validators);

        Address foundation = Named("foundation", 0);
        UInt256 left = Units.Cpc * 1_000_000_000UL;
        void Give(Address account, UInt256 amount)
        {
            _state.Mint(account, amount);
            left -= amount;
        }

        Give(SystemContracts.Reserve, Eras.SupplyThrough(parameters, ulong.MaxValue));
        foreach (Address account in defaults)
            Give(account, Units.Cpc * 1_000UL);
        ulong most = 600_000_000UL / (ulong)rnodes;
        foreach (SimulatedMember member in _members)
            Give(member.Account, parameters.RNodeDeposit + Units.Cpc * (1_000UL + _random.Next() % most * 6 / 10));
        Give(foundation, left);
        _ = _state.TakeChanges();
        Genesis = new SimulatedGenesis(
            Keccak256.Hash("block 0"u8),
            defaults,
            validators,
            foundation,
            Accounts(defaults, foundation).ToImmutableDictionary(static account => account, _state.BalanceOf));
        Supply = _state.Supply;
    }

    /// <summary>What everybody knows before block 1.</summary>
    public SimulatedGenesis Genesis { get; }

    /// <summary>All coins, base units.</summary>
    public UInt256 Supply { get; }

    /// <summary>Whether all balances together are what they were.</summary>
    public bool SupplyHolds => _state.Supply == Supply;

    /// <summary>Accounts that are RNodes now.</summary>
    public int RNodes => _members.Count(static member => member.HasJoined);

    /// <summary>The committee of a term, as the state has it.</summary>
    public Committee CommitteeOf(ulong term) => _step.CommitteeOf(term, _state);

    /// <summary>The seed of a term that is over, as the state has it.</summary>
    public Hash256 SeedOf(ulong term) => Hash256.FromUInt256(_state.Load(SystemContracts.Dpor, Slots.Seed(term)));

    /// <summary>The roll for a term, made anew from the state of the latest checkpoint.</summary>
    public Roll MakeRoll() => new RollMaker(_parameters, Genesis.Defaults).At(
        _parameters.Terms.TermOf(_number), new StoredView(_state));

    /// <summary>Makes and runs the next block.</summary>
    public RecordedBlock Next()
    {
        _number++;
        ulong term = _parameters.Terms.TermOf(_number);
        Slot slot = _step.SlotOf(_number, _state);
        bool fails = _random.Chance(_byAccount.TryGetValue(slot.Account, out SimulatedMember? member) ? member.FailPercent : 1);
        RecordedBlock block = fails
            ? new RecordedBlock(_number, Address.Zero, Hash256.Zero, [])
            : new RecordedBlock(_number, slot.Account, RevealOf(slot, term), Transactions(term));
        UInt256 fees = UInt256.Zero;
        foreach (RecordedTransaction transaction in block.Transactions)
            fees += transaction.Fee;
        UInt256 proposerFees = Pay(block, term, fees);
        _step.Apply(_state, FactsOf(block, proposerFees));
        if (_parameters.Terms.IsCheckpoint(_number) && term > 2)
            _contracts.Forget(term - 2);
        return block;
    }

    internal static Address Named(string role, int index) => Address.FromBytes(
        Keccak256.Hash(System.Text.Encoding.UTF8.GetBytes($"{role} {index}")).ToArray().AsSpan(12));

    private IEnumerable<Address> Accounts(ImmutableArray<Address> defaults, Address foundation) =>
        [.. defaults, .. _members.Select(static member => member.Account), foundation, SystemContracts.Reserve];

    // Most are steady, some weak, a few dead for good.
    private int Failing() => _random.Below(100) switch
    {
        < 85 => 1,
        < 95 => 20,
        _ => 100,
    };

    private BlockFacts FactsOf(RecordedBlock block, UInt256 proposerFees)
    {
        ImmutableArray<Address> Others(RecordedAction action) =>
            [.. block.Transactions.Where(transaction => transaction.Action == action).Select(static transaction => transaction.Other)];

        return new BlockFacts
        {
            Number = block.Number,
            ParentHash = Genesis.BlockHash,
            Coinbase = block.Coinbase,
            Reveal = block.Extra,
            Sends = [.. block.Transactions.Select(static transaction => new Send(transaction.Sender, transaction.Fee))],
            Uploads = [.. block.Transactions.Where(static t => t.Action == RecordedAction.Upload).Select(static t => t.Sender)],
            Sales = Others(RecordedAction.Sale),
            Receipts = Others(RecordedAction.Receipt),
            Balances = [.. _state.TakeChanges()],
            ProposerFees = proposerFees,
        };
    }

    // Senders have paid their fees into the foundation's account while the block ran; from there they are divided (D11).
    private UInt256 Pay(RecordedBlock block, ulong term, in UInt256 fees)
    {
        if (block.IsImpeach)
            return UInt256.Zero;
        ImmutableArray<Address> validators = new StoredView(_state).ValidatorsOf(term);
        FeeParts parts = FeeParts.Of(_parameters.Fees, fees, validators.Length);
        _state.Move(Genesis.Foundation, block.Coinbase, parts.Proposer);
        _state.Move(Genesis.Foundation, SystemContracts.Reserve, parts.Reserve);
        foreach (Address validator in validators)
            _state.Move(Genesis.Foundation, validator, parts.EachValidator);
        UInt256 reward = Eras.RewardOf(_parameters, block.Number);
        _state.Move(SystemContracts.Reserve, block.Coinbase, UInt256.Min(reward, _state.BalanceOf(SystemContracts.Reserve)));
        return parts.Proposer;
    }

    private Hash256 RevealOf(Slot slot, ulong term)
    {
        bool hasCommitted = slot.Elected
            || !_state.Load(SystemContracts.Campaign, Slots.DefaultCommitment(slot.Account, term)).IsZero;
        Terms terms = _parameters.Terms;
        return hasCommitted ? TermSeed.Reveal(SecretOf(slot.Account, term), terms.Length, terms.OffsetOf(_number)) : Hash256.Zero;
    }

    private Hash256 SecretOf(Address account, ulong term) => Keccak256.Hash(
        [.. account.ToArray(), .. BitConverter.GetBytes(term), .. BitConverter.GetBytes(_seed)]);

    private Hash256 CommitmentOf(Address account, ulong term) =>
        TermSeed.Commitment(SecretOf(account, term), _parameters.Terms.Length);

    private ImmutableArray<RecordedTransaction> Transactions(ulong term)
    {
        List<RecordedTransaction> list = [];
        // Run as they are made: what the next one may do depends on what the last one did.
        void Send(RecordedTransaction transaction)
        {
            if (_state.BalanceOf(transaction.Sender) < transaction.Fee + transaction.Amount)
                return;
            _state.Move(transaction.Sender, Genesis.Foundation, transaction.Fee);
            _contracts.Run(_number, transaction);
            list.Add(transaction);
        }

        if (_committedFor <= term)
        {
            _committedFor = term + 1;
            foreach (Address account in Genesis.Defaults)
                Send(new(RecordedAction.Commit, account, Fee(), Term: term + 4, Commitments: [CommitmentOf(account, term + 4)]));
        }
        foreach (SimulatedMember member in _members)
            Live(member, term, Send);
        for (int i = 3 + _random.Below(8); i > 0; i--)
            Trade(Send);
        if (_random.Below(2_000) == 0)
            Slash(Send);
        if (_random.Below(3_600) == 0)
            ChangeValidators(term, Send);
        return [.. list];
    }

    private void Live(SimulatedMember member, ulong term, Action<RecordedTransaction> send)
    {
        if (!member.HasJoined)
        {
            if (_random.Below(50) != 0 || _state.BalanceOf(member.Account) < _parameters.RNodeDeposit + Units.Cpc * 10UL)
                return;
            send(new(RecordedAction.Join, member.Account, Fee(), Amount: _parameters.RNodeDeposit));
            (member.HasJoined, member.JoinedAt) = (true, _number);
        }
        else if (member.ListsEnd <= term + 1 && _random.Below(12) == 0 && _state.BalanceOf(member.Account) > Units.Cpc * 10UL)
        {
            ulong lists = 1UL + (ulong)_random.Below(3);
            send(new(RecordedAction.Claim, member.Account, Fee(), Commitments:
                [.. Enumerable.Range(0, (int)lists).Select(i => CommitmentOf(member.Account, term + 4 + (ulong)i))]));
            member.ListsEnd = term + 1 + lists;
        }
        else if (_random.Below(8_000) == 0 && MayQuit(member, term))
        {
            send(new(RecordedAction.Quit, member.Account, UInt256.Zero));
            member.HasJoined = false;
        }
    }

    private bool MayQuit(SimulatedMember member, ulong term)
    {
        UInt256 elected = _state.Load(SystemContracts.Dpor, Slots.LastElected(member.Account));
        return member.JoinedAt + 600 <= _number && (elected.IsZero || (ulong)elected < term);
    }

    private void Trade(Action<RecordedTransaction> send)
    {
        Address sender = _random.Pick(_members).Account;
        Address other = _random.Pick(_members).Account;
        UInt256 amount = Units.Gwei * (ulong)_random.Below(int.MaxValue) * 4UL;
        send(_random.Below(10) switch
        {
            < 5 => new(RecordedAction.Transfer, sender, Fee(), other, amount),
            < 7 => new(RecordedAction.Upload, sender, Fee()),
            < 9 => new(RecordedAction.Sale, sender, Fee(), other, amount),
            _ => new(RecordedAction.Receipt, sender, Fee(), other, amount),
        });
    }

    private void Slash(Action<RecordedTransaction> send)
    {
        SimulatedMember guilty = _random.Pick(_members);
        if (guilty.HasJoined)
            send(new(RecordedAction.Slash, Genesis.Defaults[0], Fee(), guilty.Account));
    }

    private void ChangeValidators(ulong term, Action<RecordedTransaction> send)
    {
        ulong pending = (ulong)_state.Load(SystemContracts.ValidatorSet, Slots.ValidatorsNextTerm);
        Address newcomer = _random.Pick(_members).Account;
        ImmutableArray<Address> set = new StoredView(_state).ValidatorsOf(ulong.MaxValue);
        if (pending > term || set.Contains(newcomer))
            return;
        send(new(RecordedAction.Validators, Genesis.Foundation, Fee(), Term: term + 3, Members: set.SetItem(_random.Below(set.Length), newcomer)));
    }

    // From a millionth to about a CPC, so that some activity is paid for and some is not.
    private UInt256 Fee() => Units.Gwei * 1_000UL * (1UL + _random.Next() % (1UL << _random.Below(21)));
}
