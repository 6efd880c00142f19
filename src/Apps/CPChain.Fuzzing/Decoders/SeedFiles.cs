using System.Text;
using System.Text.Json;
using CPChain.Types;

namespace CPChain.Fuzzing.Decoders;

/// <summary>
/// Encodings of earlier versions out of fixtures/, where this runs in the source tree. Elsewhere there are those that are made here, and fuzzing
/// is a little poorer.
/// </summary>
internal static class SeedFiles
{
    private const string Folder = "fixtures";
    private const string TreeMark = "CPChain.slnx";

    internal static byte[][] Read(params ReadOnlySpan<string> names)
    {
        List<byte[]> found = [];
        foreach (string name in names)
        {
            if (PathOf(name) is not { } path) continue;
            byte[] bytes = File.ReadAllBytes(path);
            found.Add(name.EndsWith(".hex", StringComparison.Ordinal) ? FromHex(Encoding.ASCII.GetString(bytes)) : bytes);
        }

        return [.. found];
    }

    /// <summary>Members of a JSON object of hexadecimal texts.</summary>
    internal static byte[][] Members(string name, params ReadOnlySpan<string> members)
    {
        if (PathOf(name) is not { } path) return [];
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(path));
        List<byte[]> found = [];
        foreach (string member in members) found.Add(Hex.Decode(file.RootElement.GetProperty(member).GetString()));
        return [.. found];
    }

    private static byte[] FromHex(string text)
    {
        string digits = text.Trim();
        return Hex.Decode(digits.StartsWith("0x", StringComparison.Ordinal) ? digits : "0x" + digits);
    }

    private static string? PathOf(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, TreeMark))) continue;
            string path = Path.Combine(folder.FullName, Folder, name);
            return File.Exists(path) ? path : null;
        }

        return null;
    }
}
