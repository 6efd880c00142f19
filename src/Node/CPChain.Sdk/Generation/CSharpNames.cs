using System.Text;

namespace CPChain.Sdk.Generation;

/// <summary>C# names of a contract's names: PascalCase or camelCase, valid, and each given once in its scope.</summary>
internal sealed class CSharpNames(IEnumerable<string> taken)
{
    private static readonly HashSet<string> s_keywords = [.. (
        "abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else "
        + "enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock "
        + "long namespace new null object operator out override params private protected public readonly ref return sbyte sealed "
        + "short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort "
        + "using virtual void volatile while await").Split(' ')];

    private readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);

    /// <summary>The name, or the first of name2, name3 … that is free; it is taken then.</summary>
    public string Take(string wanted)
    {
        string name = wanted;
        for (int i = 2; !_taken.Add(name); i++) name = $"{wanted}{i}";
        return name;
    }

    /// <summary>Takes a parameter's name; keywords get their @.</summary>
    public string TakeParameter(string wanted) => Escaped(Take(wanted));

    /// <summary>Whether the text is an identifier that stands without @.</summary>
    public static bool IsIdentifier(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !s_keywords.Contains(text);

    /// <summary>ownerOf is OwnerOf, _owner is Owner, DOMAIN_SEPARATOR is DomainSeparator, token_id is TokenId, URI is Uri.</summary>
    public static string Pascal(string name, string fallback)
    {
        string[] parts = name.Split(['_', '$'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0) return fallback;
        bool shouts = name.Count(char.IsAsciiLetterUpper) > 2 && !name.Any(char.IsAsciiLetterLower);
        StringBuilder text = new();
        foreach (string part in parts)
        {
            string rest = shouts ? part[1..].ToLowerInvariant() : part[1..];
            text.Append(char.ToUpperInvariant(part[0])).Append(rest);
        }
        return char.IsAsciiDigit(text[0]) ? fallback + text : text.ToString();
    }

    /// <summary>The same with a small beginning.</summary>
    public static string Camel(string name, string fallback)
    {
        string pascal = Pascal(name, fallback);
        int capitals = pascal.TakeWhile(char.IsAsciiLetterUpper).Count();
        // ID is id, but IPOwner is ipOwner.
        int small = capitals <= 1 || capitals == pascal.Length ? Math.Max(capitals, 1) : capitals - 1;
        return pascal[..small].ToLowerInvariant() + pascal[small..];
    }

    private static string Escaped(string name) => s_keywords.Contains(name) ? "@" + name : name;
}
