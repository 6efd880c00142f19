using System.Buffers.Binary;
using System.Numerics;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Dpor.Tests.Elections;

/// <summary>D8 written a second time from the text, without speed: BigInteger, lists, and every unit of weight enumerated.</summary>
internal sealed class SlowElection(Hash256 seed)
{
    private static readonly BigInteger TwoTo64 = BigInteger.One << 64;
    private ulong _j;

    public static List<(Address Account, bool Elected)> Draw(DporParameters parameters, IReadOnlyList<Address> defaults, Roll roll, Hash256 seed)
    {
        SlowElection die = new(seed);
        List<RollEntry> low = [.. roll.Entries.Where(static entry => !entry.High)];
        List<RollEntry> high = [.. roll.Entries.Where(static entry => entry.High)];
        int lowFirst = Math.Min(parameters.LowSeats, low.Count);
        int highSeats = Math.Min(parameters.Seats - lowFirst, high.Count);
        int lowSeats = Math.Min(parameters.Seats - highSeats, low.Count);
        List<(Address Account, bool Elected)> seats = [];
        for (int i = 0; i < lowSeats; i++)
            seats.Add((die.Take(low), true));
        for (int i = 0; i < highSeats; i++)
            seats.Add((die.Take(high), true));
        for (int i = 0; seats.Count < parameters.Seats; i++)
            seats.Add((defaults[(int)((roll.Term + (ulong)i) % (ulong)defaults.Count)], false));
        for (int i = parameters.Seats - 1; i >= 1; i--)
        {
            int other = (int)die.Below(i + 1);
            (seats[other], seats[i]) = (seats[i], seats[other]);
        }
        return seats;
    }

    private BigInteger Below(BigInteger limit)
    {
        while (true)
        {
            byte[] j = new byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(j, _j++);
            byte[] digest = Keccak256.Hash([.. "CPC-DRAW/1"u8, .. seed.ToArray(), .. j]).ToArray();
            BigInteger x = new(digest.AsSpan(0, 8), isUnsigned: true, isBigEndian: true);
            if (x < TwoTo64 - TwoTo64 % limit)
                return x % limit;
        }
    }

    // Each account stands as often as it weighs; the ticket with the number drawn wins.
    private Address Take(List<RollEntry> group)
    {
        List<Address> tickets = [.. group.SelectMany(static entry => Enumerable.Repeat(entry.Account, entry.Weight))];
        Address winner = tickets[(int)Below(tickets.Count)];
        group.RemoveAll(entry => entry.Account == winner);
        return winner;
    }
}
