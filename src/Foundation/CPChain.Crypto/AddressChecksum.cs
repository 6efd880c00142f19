using System.Text;
using CPChain.Types;

namespace CPChain.Crypto;

/// <summary>Addresses with a checksum in the case of their letters (EIP-55).</summary>
public static class AddressChecksum
{
    public static string Format(in Address address)
    {
        Span<char> text = stackalloc char[42];
        address.ToString().CopyTo(text);
        Span<byte> ascii = stackalloc byte[40];
        Encoding.ASCII.GetBytes(text[2..], ascii);
        Span<byte> digest = stackalloc byte[Hash256.Length];
        Keccak256.Hash(ascii, digest);
        for (int i = 0; i < 40; i++)
        {
            int nibble = (digest[i >> 1] >> ((i & 1) == 0 ? 4 : 0)) & 0xf;
            if (nibble >= 8) text[i + 2] = char.ToUpperInvariant(text[i + 2]);
        }

        return new string(text);
    }

    /// <summary>Reads an address; where it has letters of both cases, their checksum must hold.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Address address)
    {
        if (!Address.TryParse(text, out address)) return false;
        ReadOnlySpan<char> digits = text[2..];
        bool mixed = digits.IndexOfAnyInRange('a', 'f') >= 0 && digits.IndexOfAnyInRange('A', 'F') >= 0;
        if (!mixed || text.SequenceEqual(Format(address))) return true;
        address = default;
        return false;
    }
}
