using CPChain.Crypto;
using CPChain.Evm.Interpreter;
using CPChain.Types;

namespace CPChain.Evm.Tests;

public sealed unsafe class KeccakMemoTests
{
    [Fact]
    public void A_remembered_digest_is_the_digest()
    {
        // More inputs than entries, each asked for twice in a row and once more later; the first is all zeros.
        const int Inputs = 3000;
        KeccakMemo memo = new();
        ulong* word = stackalloc ulong[4];
        byte[] input = new byte[KeccakMemo.InputBytes];
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < Inputs; i++)
            {
                BitConverter.TryWriteBytes(input.AsSpan((i % 8) * 8), (long)i);
                UInt256 expected = Keccak256.Hash(input).ToUInt256();
                for (int again = 0; again < 2; again++)
                {
                    fixed (byte* first = input) memo.Hash(first, word);
                    Assert.Equal(expected, Limbs.Get(word));
                }
            }

            input.AsSpan().Clear();
        }
    }
}
