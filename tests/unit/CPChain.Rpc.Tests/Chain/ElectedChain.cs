using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Sdk.Contracts;
using CPChain.Sdk.Elections;
using CPChain.Types;
using Addresses = CPChain.Dpor.SystemContracts;

namespace CPChain.Rpc.Tests.Chain;

/// <summary>
/// An instant chain with elections: the economy's contracts with short terms of 8 numbers, and six RNodes that block 0 already has in
/// the pool and on the lists of many terms, so that nobody has to join or claim.
/// </summary>
internal static class ElectedChain
{
    /// <summary>Lists are filled up to this term.</summary>
    public const ulong ListsEnd = 60;

    private static readonly PrivateKey[] s_defaults = [InstantChain.Key(99), InstantChain.Key(98)];

    public static DporParameters Parameters { get; } = DporParameters.Short with { Eras = [new Era(40, Units.Cpc * 12UL), new Era(80, Units.Cpc)] };

    /// <summary>RNodes of block 0, the richest last.</summary>
    public static ImmutableArray<PrivateKey> RNodes { get; } = [.. Enumerable.Range(301, 6).Select(InstantChain.Key)];

    /// <summary>The first has commitments, the second has none.</summary>
    public static ImmutableArray<Address> Defaults { get; } = [.. s_defaults.Select(static key => key.Address)];

    public static ElectionRules Rules { get; } = new(Parameters, Defaults);

    /// <summary>A chain that blocks are sealed on by whose number it is.</summary>
    public static InstantChain Create(bool sealsAtOnce = false, ulong historyBlocks = 256) => new(sealsAtOnce, Genesis, Plan, historyBlocks);

    /// <summary>Seals blocks up to a number; those named are impeached.</summary>
    public static void SealTo(this InstantChain chain, ulong number, params ulong[] impeached)
    {
        while (chain.Ledger.Head.Number < number)
        {
            if (impeached.Contains(chain.Ledger.Head.Number + 1)) chain.SealImpeach();
            else chain.Seal();
        }
    }

    public static Hash256 SecretOf(Address account, ulong term) =>
        Keccak256.Hash([.. account.ToUInt256().ToBigEndian(), .. new UInt256(term).ToBigEndian()]);

    private static (PrivateKey Key, ReadOnlyMemory<byte> Extra) Plan(Turn turn)
    {
        PrivateKey key = s_defaults.Concat(RNodes).Single(one => one.Address == turn.Proposer);
        if (turn.Commitment.IsZero) return (key, default);
        Terms terms = Parameters.Terms;
        return (key, TermSeed.Reveal(SecretOf(turn.Proposer, terms.TermOf(turn.Number)), terms.Length, terms.OffsetOf(turn.Number)).ToArray());
    }

    private static Genesis Genesis(Genesis plain)
    {
        Assert.True(CommitteeSchedule.TryCreate(
            [new CommitteeEntry(1, InstantChain.Validators, Defaults)], out CommitteeSchedule? schedule, out _));
        Address foundation = InstantChain.Key(401).Address;
        EconomyGenesis economy = new()
        {
            Parameters = Parameters,
            Settings = EconomySettings.Short,
            OriginSeconds = plain.TimestampMs / 1_000,
            Validators = [.. InstantChain.Validators.Select(static one => new GenesisValidator(one))],
            DefaultProposers = Defaults,
            Foundation = foundation,
            Distribution = EconomyDistribution.Paper(
                InstantChain.Key(402).Address,
                [
                    .. InstantChain.Rich.Select(static key => new Holding(key.Address, Units.Cpc * 1_000_000UL)),
                    .. RNodes.Select(static (key, i) => new Holding(key.Address, Units.Cpc * (100UL * (ulong)(i + 1)))),
                ],
                InstantChain.Key(403).Address),
        };
        return plain with
        {
            Schedule = schedule!,
            Dpor = new DporGenesis(Parameters, foundation),
            Alloc = [.. economy.Accounts().Select(static account => With(account, WordsOf(account.Address)))],
        };
    }

    private static GenesisAccount With(GenesisAccount account, List<KeyValuePair<UInt256, UInt256>> words) => words.Count == 0 ? account : account with
    {
        Storage = [.. account.Storage.Where(one => words.All(word => word.Key != one.Key)).Concat(words).OrderBy(static word => word.Key)],
    };

    private static List<KeyValuePair<UInt256, UInt256>> WordsOf(Address contract)
    {
        List<KeyValuePair<UInt256, UInt256>> words = [];
        void Put(UInt256 slot, UInt256 word) => words.Add(new(slot, word));
        if (contract == Addresses.RNodePool)
        {
            Put(Slots.RNodes, (ulong)RNodes.Length);
            for (int i = 0; i < RNodes.Length; i++)
            {
                Put(Slots.Behind(Slots.Elements(Slots.RNodes), i), RNodes[i].Address.ToUInt256());
                Put(Slots.Deposit(RNodes[i].Address), Parameters.RNodeDeposit | (UInt256.One << 192) | ((UInt256)(ulong)(i + 1) << 224));
            }
        }
        if (contract == Addresses.Campaign)
        {
            for (ulong term = 0; term < ListsEnd; term++)
            {
                UInt256 slot = Slots.Candidates(term);
                Put(slot, (ulong)RNodes.Length);
                for (int i = 0; i < RNodes.Length; i++)
                {
                    Address account = RNodes[i].Address;
                    Put(Slots.Behind(Slots.Elements(slot), 2 * i), account.ToUInt256());
                    Put(Slots.Behind(Slots.Elements(slot), 2 * i + 1), CommitmentOf(account, term + Terms.RollLead).ToUInt256());
                }
                Put(Slots.DefaultCommitment(Defaults[0], term), CommitmentOf(Defaults[0], term).ToUInt256());
            }
        }
        return words;
    }

    private static Hash256 CommitmentOf(Address account, ulong term) => TermSeed.Commitment(SecretOf(account, term), Parameters.Terms.Length);
}
