using System.Globalization;
using System.Text.Json;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.EvmTools.StateTests;

/// <summary>Numbers as the files of Ethereum's tests write them.</summary>
internal static class StateTestJson
{
    /// <summary>A member that must be there.</summary>
    internal static UInt256 Word(this JsonElement parent, string name) => Word(parent.GetProperty(name));

    /// <summary>A member that may be missing.</summary>
    internal static UInt256? WordOrNull(this JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement found) && found.ValueKind == JsonValueKind.String ? Word(found) : null;

    /// <summary>A member of at most 64 bits.</summary>
    internal static ulong Small(this JsonElement parent, string name) => (ulong)parent.Word(name);

    internal static UInt256 Word(JsonElement element) => element.ValueKind == JsonValueKind.Number
        ? element.GetUInt64()
        : Word(element.GetString()!);

    /// <summary>Hexadecimal digits of any number, also an odd one or with the prefix of too large ones.</summary>
    internal static UInt256 Word(string text) =>
        TryWord(text, out UInt256 word) ? word : throw new FormatException($"{text} exceeds 256 bits");

    internal static bool TryWord(string text, out UInt256 word)
    {
        string digits = text.Replace("0x:bigint ", "", StringComparison.Ordinal);
        digits = digits.StartsWith("0x", StringComparison.Ordinal) ? digits[2..] : digits;
        digits = digits.TrimStart('0');
        word = default;
        if (digits.Length > 64) return false;
        word = UInt256.FromBigEndian(Convert.FromHexString(digits.Length % 2 == 0 ? digits : "0" + digits));
        return true;
    }

    internal static bool TryGetSet(this JsonElement parent, string name, out JsonElement found) =>
        parent.TryGetProperty(name, out found) && found.ValueKind != JsonValueKind.Null;

    internal static Address AddressOf(string? text) => Address.Parse(text);

    /// <summary>The hash of an ancestor by number, as the state tests define it.</summary>
    internal static Hash256 BlockHash(ulong number) =>
        Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
}
