using CPChain.Dpor;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>0x0c0e01 and 0x0c0e02: whether a proof of admission is right (rule D12.2).</summary>
internal sealed class AdmissionContract : IPlatformPrecompile
{
    /// <summary>Of SHA-256 over 60 bytes, about what 0x02 takes for them: 0.55 us (docs/performance.md).</summary>
    internal const ulong ProcessorGas = 100;

    /// <summary>Of scrypt over 4 MiB: 18 to 20 ms, hence some 40 Mgas a second as the slowest contracts (rule C13.3).</summary>
    internal const ulong MemoryGas = 800_000;

    private const int Word = 32;
    private const int Words = 4;

    private readonly AdmissionWork _work;

    private AdmissionContract(int number, ulong gas, AdmissionWork work) => (Number, Gas, _work) = (number, gas, work);

    internal static AdmissionContract Processor { get; } = new(0x0c0e01, ProcessorGas, AdmissionWork.Processor);

    internal static AdmissionContract Memory { get; } = new(0x0c0e02, MemoryGas, AdmissionWork.Memory);

    public int Number { get; }

    public ulong Gas { get; }

    public int OutputBytes => Word;

    /// <summary>Takes account, nonce, block hash and difficulty, a word each; gives 1 or 0 as a word.</summary>
    public bool TryAnswer(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (input.Length != Words * Word) return false;
        UInt256 account = UInt256.FromBigEndian(input[..Word]);
        UInt256 nonce = UInt256.FromBigEndian(input[Word..(2 * Word)]);
        Hash256 blockHash = Hash256.FromBytes(input[(2 * Word)..(3 * Word)]);
        UInt256 difficulty = UInt256.FromBigEndian(input[(3 * Word)..]);
        Address who = Address.FromUInt256(account);
        if (who.ToUInt256() != account || !nonce.FitsUlong) return false;
        if (difficulty < AdmissionProof.DifficultyMin || difficulty > AdmissionProof.DifficultyMax) return false;

        bool isRight = AdmissionProof.IsRight(_work, who, blockHash, nonce.U0, (int)difficulty.U0);
        (isRight ? UInt256.One : UInt256.Zero).WriteBigEndian(output);
        return true;
    }
}
