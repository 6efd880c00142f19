using System.Collections.Immutable;
using CPChain.Evm.Interpreter;
using CPChain.Types;

namespace CPChain.Evm.Precompiles;

/// <summary>The precompiled contracts of one rule set, by number.</summary>
internal sealed class PrecompileSet
{
    private const int NumberMax = 0x100;

    private readonly Precompile?[] _contracts = new Precompile?[NumberMax + 1];

    /// <summary>Those of the rule set, moved or not.</summary>
    private readonly Precompile?[] _usual;

    /// <summary>Moved ones by where they answer; null where none was.</summary>
    private readonly Dictionary<Address, Precompile>? _elsewhere;

    internal PrecompileSet(EvmRules rules, ImmutableArray<PrecompileMove> moves)
    {
        foreach (Precompile contract in Precompile.All(rules)) _contracts[contract.Number] = contract;
        _usual = _contracts;
        if (moves.IsEmpty) return;
        _contracts = [.. _usual];
        _elsewhere = [];
        foreach (PrecompileMove move in moves)
        {
            Precompile? moved = At(_usual, move.From);
            Invariant.Check(moved is not null, "only precompiled contracts are moved");
            _contracts[moved.Number] = null;
            if (move.To is { } place) _elsewhere[place] = moved;
        }
    }

    /// <summary>Gas that heavy contracts may still take.</summary>
    internal ulong HeavyGasLeft { get; private set; } = ulong.MaxValue;

    /// <summary>A heavy contract was called with less <see cref="HeavyGasLeft"/> than it takes, and was not run.</summary>
    internal bool HasOverrun { get; private set; }

    internal void BoundHeavyGas(ulong most) => (HeavyGasLeft, HasOverrun) = (most, false);

    internal bool Contains(in Address address) => Find(address) is not null;

    /// <summary>Whether the address is one of the rule set's, hence always warm (EIP-2929).</summary>
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

    private static Precompile? At(Precompile?[] contracts, in Address address)
    {
        UInt256 number = address.ToUInt256();
        return number.FitsUlong && number.U0 <= NumberMax ? contracts[number.U0] : null;
    }
}
