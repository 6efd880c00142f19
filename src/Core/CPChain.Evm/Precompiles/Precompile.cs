using CPChain.Evm.Interpreter;
using CPChain.Evm.Precompiles.Bls;

namespace CPChain.Evm.Precompiles;

/// <summary>Price of an input; <see cref="ulong.MaxValue"/> if no gas can pay it.</summary>
internal delegate ulong PrecompileGas(ReadOnlySpan<byte> input);

/// <summary>Answers an input; false refuses it.</summary>
internal delegate bool PrecompileBody(ReadOnlySpan<byte> input, ByteBuffer output);

/// <summary>One precompiled contract.</summary>
internal sealed record Precompile(int Number, PrecompileGas Gas, PrecompileBody Run)
{
    /// <summary>A second of processor time buys far less gas here than in code: all but the hashes and the copy (rule C13.3).</summary>
    internal bool IsHeavy => Number is not (2 or 3 or 4);

    /// <summary>The contracts that a rule set has.</summary>
    internal static IEnumerable<Precompile> All(EvmRules rules)
    {
        yield return At(1, static _ => 3000, EcRecover.Run);
        yield return At(2, static input => 60 + (12 * Words(input)), Hashes.Sha256);
        yield return At(3, static input => 600 + (120 * Words(input)), Hashes.Ripemd160);
        yield return At(4, static input => 15 + (3 * Words(input)), Hashes.Identity);
        if (rules.HasByzantiumContracts)
        {
            if (rules.HasOsakaModExp) yield return At(5, ModExp.OsakaGas, ModExp.RunBounded);
            else yield return At(5, rules.HasBerlinModExp ? ModExp.BerlinGas : ModExp.ByzantiumGas, ModExp.Run);
            // EIP-1108 made the curve cheaper.
            bool cheap = rules.HasIstanbulChanges;
            yield return At(6, cheap ? static _ => 150 : static _ => 500, Bn254Contracts.Add);
            yield return At(7, cheap ? static _ => 6000 : static _ => 40_000, Bn254Contracts.Multiply);
            yield return At(
                8,
                cheap ? static input => 45_000 + (34_000 * Pairs(input)) : static input => 100_000 + (80_000 * Pairs(input)),
                Bn254Contracts.Pairing);
        }

        if (rules.HasIstanbulChanges) yield return At(9, Blake2.Gas, Blake2.Run);
        if (rules.HasBlobs) yield return At(0x0a, static _ => 50_000, PointEvaluation.Run);
        if (rules.HasBls)
        {
            yield return At(0x0b, static _ => 375, BlsContracts.G1Add);
            yield return At(0x0c, BlsContracts.G1SumGas, BlsContracts.G1Sum);
            yield return At(0x0d, static _ => 600, BlsContracts.G2Add);
            yield return At(0x0e, BlsContracts.G2SumGas, BlsContracts.G2Sum);
            yield return At(0x0f, BlsContracts.PairingGas, BlsContracts.Pairing);
            yield return At(0x10, static _ => 5500, BlsContracts.MapToG1);
            yield return At(0x11, static _ => 23_800, BlsContracts.MapToG2);
        }

        if (rules.HasP256) yield return At(0x100, static _ => 6900, P256.Run);
    }

    /// <summary>A contract of the chain's own.</summary>
    internal static Precompile Of(IPlatformPrecompile contract) => new(
        contract.Number,
        _ => contract.Gas,
        (input, output) => contract.TryAnswer(input, output.Prepare(contract.OutputBytes)));

    private static Precompile At(int number, PrecompileGas gas, PrecompileBody body) =>
        new(number, gas, body);

    private static ulong Pairs(ReadOnlySpan<byte> input) => (ulong)input.Length / 192;

    private static ulong Words(ReadOnlySpan<byte> input) => ((ulong)input.Length + 31) / 32;
}
