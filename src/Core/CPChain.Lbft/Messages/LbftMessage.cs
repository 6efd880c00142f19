using CPChain.Lbft.Certificates;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Messages;

/// <summary>What validators, proposers and followers say to each other (L3). Blocks are opaque bytes here.</summary>
public abstract record LbftMessage
{
    private LbftMessage() { }

    /// <summary>A vote, WISH, STATUS or PROPOSE with the certificate that goes along; judged apart from it.</summary>
    public sealed record Said(SignedStatement Signed, Certificate? Attached) : LbftMessage;

    /// <summary>PROPOSAL: an encoded block that carries its seal.</summary>
    public sealed record Proposal(ReadOnlyMemory<byte> Block) : LbftMessage;

    /// <summary>VALIDATE, or IMPEACH-VALIDATE when the certificate's round is not 0: a decided block.</summary>
    public sealed record Validate(Certificate Certificate, ReadOnlyMemory<byte> Block) : LbftMessage;

    /// <summary>GET-BODY.</summary>
    public sealed record GetBody(BlockNumber Height, Hash256 Hash) : LbftMessage;

    /// <summary>BODY: an encoded block that was asked for.</summary>
    public sealed record Body(BlockNumber Height, ReadOnlyMemory<byte> Block) : LbftMessage;

    /// <summary>GET-CERT.</summary>
    public sealed record GetCert(BlockNumber Height) : LbftMessage;

    /// <summary>CERT, and a P-certificate sent by itself (L15).</summary>
    public sealed record Cert(Certificate Certificate) : LbftMessage;

    /// <summary>HEAD-QUERY.</summary>
    public sealed record HeadQuery(Hash256 Nonce) : LbftMessage;

    /// <summary>
    /// HEAD: the statement signs keccak256(nonce || headHash) at the head's height; genesis has no certificate.
    /// </summary>
    public sealed record Head(Hash256 Nonce, Hash256 HeadHash, SignedStatement Signed, Certificate? Certificate) : LbftMessage;
}
