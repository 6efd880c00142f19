using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Data.Blocks;

/// <summary>Checks signatures by recovery, so that the recovery byte is bound too and a signed encoding has one form
/// only.</summary>
internal static class SignedBy
{
    public static bool Check(in PublicKey key, in Hash256 digest, in Signature signature) =>
        Secp256k1.TryRecover(digest, signature, out PublicKey signer) && signer == key;
}
