using System.Text;
using CPChain.Types;

namespace CPChain.Keystore;

/// <summary>A passphrase in a file of mode 0600: its first line, without the line end.</summary>
public static class PassphraseFile
{
    private const int BytesMax = 4096;

    /// <summary>Reads the passphrase; an absent, empty or widely readable file throws <see cref="KeystoreException"/>.</summary>
    public static string Read(string path)
    {
        if (!File.Exists(path)) throw new KeystoreException($"There is no passphrase file {path}. Create it with mode 0600.");
        string text = Encoding.UTF8.GetString(PrivateFile.Read(path, BytesMax));
        int end = text.AsSpan().IndexOfAny('\r', '\n');
        string passphrase = end < 0 ? text : text[..end];
        return passphrase.Length > 0 ? passphrase : throw new KeystoreException($"The passphrase file {path} is empty.");
    }

    /// <summary>Reads the passphrase, or makes a file with 256 random bits first.</summary>
    public static string OpenOrCreate(string path, EntropySource entropy)
    {
        if (!File.Exists(path))
        {
            Span<byte> random = stackalloc byte[32];
            entropy(random);
            PrivateFile.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            PrivateFile.WriteNew(path, Encoding.UTF8.GetBytes(Convert.ToHexStringLower(random) + "\n"));
        }

        return Read(path);
    }
}
