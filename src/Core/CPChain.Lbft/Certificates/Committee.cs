using CPChain.Crypto;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Certificates;

/// <summary>V(h): the ordered validator set of a height, all members distinct.</summary>
public sealed class Committee
{
    private readonly ValueArray<Address> _members;
    private readonly Dictionary<Address, Seat> _seats;

    /// <summary>Members in the order of their seats; throws unless they are 3f+1 distinct addresses.</summary>
    public Committee(ReadOnlySpan<Address> members)
    {
        Size = CommitteeSize.Of(members.Length);
        _members = ValueArray<Address>.Of(members);
        _seats = new Dictionary<Address, Seat>(members.Length);
        for (int index = 0; index < members.Length; index++) _seats.Add(members[index], new Seat(index));
    }

    public CommitteeSize Size { get; }

    public Address this[Seat seat] => _members[seat.Index];

    public bool TrySeatOf(in Address member, out Seat seat) => _seats.TryGetValue(member, out seat);

    public Seat? SeatOf(in Address member) => TrySeatOf(member, out Seat seat) ? seat : null;

    /// <summary>The member that signed the statement for this chain; false for anybody else.</summary>
    public bool TrySignerOf(SignedStatement signed, in ChainDomain domain, out Seat seat)
    {
        seat = default;
        return Secp256k1.TryRecoverAddress(signed.Statement.Digest(domain), signed.Signature, out Address signer)
            && TrySeatOf(signer, out seat);
    }
}
