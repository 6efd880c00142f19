using CPChain.Evm.Interpreter;
using CPChain.Types;

namespace CPChain.Evm.Precompiles;

/// <summary>The precompiled contracts of one rule set, by number.</summary>
internal sealed class PrecompileSet
{
    private const int NumberMax = 0x100;

    private readonly Precompile?[] _contracts = new Precompile?[NumberMax + 1];

    internal PrecompileSet(EvmRules rules)
    {
        foreach (Precompile contract in Precompile.All(rules)) _contracts[contract.Number] = contract;
    }

    internal bool Contains(in Address address) => Find(address) is not null;

    /// <summary>Runs a contract. False if the gas does not suffice or the input is refused; then all gas is gone.</summary>
    internal bool TryRun(in Address address, ReadOnlySpan<byte> input, ref long gas, ByteBuffer output)
    {
        Precompile? contract = Find(address);
        Invariant.Check(contract is not null, "only precompiled contracts are run here");
        output.Clear();
        ulong cost = contract.Gas(input);
        if (cost > (ulong)gas) return false;
        gas -= (long)cost;
        return contract.Run(input, output);
    }

    private Precompile? Find(in Address address)
    {
        UInt256 number = address.ToUInt256();
        return number.FitsUlong && number.U0 <= NumberMax ? _contracts[number.U0] : null;
    }
}
