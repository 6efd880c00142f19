using System.Collections.Immutable;
using CPChain.Evm.Interpreter;
using CPChain.Types;

namespace CPChain.Evm.Precompiles;

/// <summary>The precompiled contracts of one rule set by number, then those of the chain's own.</summary>
internal sealed class PrecompileSet
{
    private const int NumberMax = 0x100;

    private readonly Precompile?[] _contracts;

    /// <summary>Those of rule set and chain, moved or not.</summary>
    private readonly Precompile?[] _usual;

    /// <summary>Numbers of the chain's own, few.</summary>
    private readonly int[] _platform;

    /// <summary>Moved ones by where they answer; null where none was.</summary>
    private readonly Dictionary<Address, Precompile>? _elsewhere;

    internal PrecompileSet(
        EvmRules rules, ImmutableArray<IPlatformPrecompile> platform, ImmutableArray<PrecompileMove> moves)
    {
        _platform = new int[platform.Length];
        _contracts = new Precompile?[NumberMax + 1 + platform.Length];
        foreach (Precompile contract in Precompile.All(rules)) _contracts[contract.Number] = contract;
        for (int i = 0; i < platform.Length; i++)
        {
            Invariant.Check(platform[i].Number > NumberMax, "a chain's own contract is at no number of Ethereum's");
            _platform[i] = platform[i].Number;
            _contracts[NumberMax + 1 + i] = Precompile.Of(platform[i]);
        }

        _usual = _contracts;
        if (moves.IsEmpty) return;
        _contracts = [.. _usual];
        _elsewhere = [];
        foreach (PrecompileMove move in moves)
        {
            int from = PlaceOf(move.From);
            Precompile? moved = from < 0 ? null : _usual[from];
            Invariant.Check(moved is not null, "only precompiled contracts are moved");
            _contracts[from] = null;
            if (move.To is { } place) _elsewhere[place] = moved;
        }
    }

    /// <summary>Gas that heavy contracts may still take.</summary>
    internal ulong HeavyGasLeft { get; private set; } = ulong.MaxValue;

    /// <summary>A heavy contract was called with less <see cref="HeavyGasLeft"/> than it takes, and was not run.</summary>
    internal bool HasOverrun { get; private set; }

    internal void BoundHeavyGas(ulong most) => (HeavyGasLeft, HasOverrun) = (most, false);

    internal bool Contains(in Address address) => Find(address) is not null;

    /// <summary>Whether the address is one of the rule set's or the chain's, hence always warm (EIP-2929).</summary>
    internal bool IsUsual(in Address address) => At(_usual, address) is not null;

    /// <summary>Runs a contract. False if the gas does not suffice or the input is refused; then all gas is gone.</summary>
    internal bool TryRun(in Address address, ReadOnlySpan<byte> input, ref long gas, ByteBuffer output)
    {
        Precompile? contract = Find(address);
        Invariant.Check(contract is not null, "only precompiled contracts are run here");
        output.Clear();
        ulong cost = contract.Gas(input);
        if (cost > (ulong)gas) return false;
        if (contract.IsHeavy && !TakeHeavyGas(cost)) return false;
        gas -= (long)cost;
        return contract.Run(input, output);
    }

    private bool TakeHeavyGas(ulong cost)
    {
        HasOverrun |= cost > HeavyGasLeft;
        if (HasOverrun) return false;
        HeavyGasLeft -= cost;
        return true;
    }

    private Precompile? Find(in Address address)
    {
        if (_elsewhere is not null && _elsewhere.TryGetValue(address, out Precompile? moved)) return moved;
        return At(_contracts, address);
    }

    private Precompile? At(Precompile?[] contracts, in Address address)
    {
        int place = PlaceOf(address);
        return place < 0 ? null : contracts[place];
    }

    /// <summary>Where in the lists an address would be; below zero for nearly every address.</summary>
    private int PlaceOf(in Address address)
    {
        UInt256 number = address.ToUInt256();
        if (!number.FitsUlong) return -1;
        if (number.U0 <= NumberMax) return (int)number.U0;
        for (int i = 0; i < _platform.Length; i++)
        {
            if (number.U0 == (ulong)_platform[i]) return NumberMax + 1 + i;
        }

        return -1;
    }
}
