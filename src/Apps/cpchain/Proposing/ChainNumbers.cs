using CPChain.Dpor;
using CPChain.Sdk.Contracts.Generated;
using CPChain.Types;

namespace CPChain.App.Proposing;

/// <summary>The numbers of D3 that somebody needs who joins and claims, as they are on a chain now.</summary>
/// <param name="Terms">Where terms begin and end. Seats and views in one: who has a committee knows its seats.</param>
/// <param name="JoiningDeposit">The least deposit of who joins, base units.</param>
/// <param name="StaySeconds">How long a deposit stays at least.</param>
/// <param name="TermsPerClaim">Lists that one claim enters at most.</param>
/// <param name="ProofAge">How old the block of a proof may be, blocks.</param>
/// <param name="CpuDifficulty">Bits of a processor proof.</param>
/// <param name="MemoryDifficulty">Bits of a memory proof.</param>
internal sealed record ChainNumbers(
    Terms Terms, UInt256 JoiningDeposit, ulong StaySeconds, int TermsPerClaim, ulong ProofAge, int CpuDifficulty, int MemoryDifficulty)
{
    /// <summary>What this program says it is, to the contracts' gates.</summary>
    public const uint ProgramVersion = 1;

    // Slots of contracts/src/Parameters.sol.
    private const int TermBlocks = 0, PerClaim = 3, Joining = 7, Stay = 8, Age = 11, Cpu = 12, Memory = 13;

    public static async Task<ChainNumbers> ReadAsync(Parameters parameters, CancellationToken cancel)
    {
        async Task<UInt256> ValueAsync(int slot) => await parameters.ValueOfAsync((ulong)slot, cancel: cancel);
        async Task<int> SmallAsync(int slot) => checked((int)(await ValueAsync(slot)).ToUlongSaturating());

        return new ChainNumbers(
            new Terms(await SmallAsync(TermBlocks), Views: 1),
            await ValueAsync(Joining),
            (await ValueAsync(Stay)).ToUlongSaturating(),
            await SmallAsync(PerClaim),
            (await ValueAsync(Age)).ToUlongSaturating(),
            await SmallAsync(Cpu),
            await SmallAsync(Memory));
    }
}
