using CPChain.Crypto;
using CPChain.Pre.Format;
using CPChain.Pre.Proofs;
using CPChain.Types.Rlp;

namespace CPChain.Pre.Grants;

/// <summary>X = xG, C0 = f0 U, AU = aU and the proof that AU and A have the same logarithm (rule P9).</summary>
internal readonly record struct GrantCommitments(Point X, Point C0, Point Au, EqualLogProof Proof)
{
    public void Write(RlpWriter writer)
    {
        writer.BeginList();
        writer.WritePoint(X);
        writer.WritePoint(C0);
        writer.WritePoint(Au);
        writer.WriteScalar(Proof.Challenge);
        writer.WriteScalar(Proof.Response);
        writer.EndList();
    }

    public static bool TryRead(ref RlpReader reader, out GrantCommitments commitments)
    {
        commitments = default;
        if (!reader.TryReadList(out RlpReader fields)
            || !fields.TryReadPoint(out Point x)
            || !fields.TryReadPoint(out Point c0)
            || !fields.TryReadPoint(out Point au)
            || !fields.TryReadScalar(out Scalar challenge)
            || !fields.TryReadScalar(out Scalar response)
            || !fields.AtEnd) return false;
        commitments = new GrantCommitments(x, c0, au, new EqualLogProof(challenge, response));
        return true;
    }
}
