using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace CPChain.Types;

/// <summary>Statements that hold unless this program is wrong; a broken one stops the node.</summary>
public static class Invariant
{
    public static void Check(
        [DoesNotReturnIf(false)] bool holds,
        string reason,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (!holds) throw new InvariantViolation($"{reason} ({FileName(file)}:{line})");
    }

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];
}

/// <summary>This program contradicts itself; nothing it does afterwards can be trusted.</summary>
public sealed class InvariantViolation(string reason) : Exception(reason);
