using CPChain.Evm;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>0x0c0e03: whom a proof of misconduct convicts, at which number and of what (rules D16.4, L22.4).</summary>
/// <param name="domain">The chain whose signatures count.</param>
internal sealed class EvidenceContract(ChainDomain domain) : IPlatformPrecompile
{
    /// <summary>Of two recoveries, 3,000 each as at 0x01, and what is hashed for them.</summary>
    internal const ulong EachGas = 6_200;

    private const int Word = 32;

    public int Number => 0x0c0e03;

    public ulong Gas => EachGas;

    public int OutputBytes => 3 * Word;

    /// <summary>Takes a proof; gives signer, number and offence (1 to 5), a word each.</summary>
    public bool TryAnswer(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (!MisconductCodec.TryDecode(input, out Misconduct? misconduct, out _)) return false;
        if (MisconductVerifier.Verify(misconduct, domain, out Address signer) != MisconductFault.None) return false;

        signer.ToUInt256().WriteBigEndian(output[..Word]);
        ((UInt256)misconduct.First.Statement.Height.Value).WriteBigEndian(output[Word..(2 * Word)]);
        ((UInt256)(ulong)misconduct.Kind).WriteBigEndian(output[(2 * Word)..]);
        return true;
    }
}
