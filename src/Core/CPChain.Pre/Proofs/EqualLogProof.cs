using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Pre.Proofs;

/// <summary>A proof that two points have the same logarithm to two bases, bound to a context (Chaum and Pedersen; rule P8).</summary>
public readonly record struct EqualLogProof
{
    internal EqualLogProof(in Scalar challenge, in Scalar response)
    {
        Challenge = challenge;
        Response = response;
    }

    internal Scalar Challenge { get; }

    internal Scalar Response { get; }

    /// <summary>Proves that image1 = secret base1 and image2 = secret base2.</summary>
    internal static EqualLogProof Prove(
        in Scalar secret, in Statement statement, ReadOnlySpan<byte> context, EntropySource entropy)
    {
        Scalar nonce = Scalar.Random(entropy);
        Scalar challenge = Challenged(
            statement, statement.Base1.Multiply(nonce), statement.Base2.Multiply(nonce), context);
        return new EqualLogProof(challenge, nonce + (challenge * secret));
    }

    internal bool Verify(in Statement statement, ReadOnlySpan<byte> context)
    {
        Scalar minus = Challenge.Negate();
        Point first = statement.Base1.MultiplyPublic(Response) + statement.Image1.MultiplyPublic(minus);
        Point second = statement.Base2.MultiplyPublic(Response) + statement.Image2.MultiplyPublic(minus);
        return !first.IsInfinity && !second.IsInfinity && Challenge == Challenged(statement, first, second, context);
    }

    private static Scalar Challenged(in Statement s, in Point first, in Point second, ReadOnlySpan<byte> context) =>
        new Transcript("equal logarithms")
            .Add(s.Base1).Add(s.Image1).Add(s.Base2).Add(s.Image2).Add(first).Add(second).Add(context)
            .ToScalar();

    internal readonly record struct Statement(Point Base1, Point Image1, Point Base2, Point Image2);
}
