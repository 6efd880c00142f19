using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using CPChain.Keystore;

namespace CPChain.Storage.Tests.Keystore;

public sealed class KeystoreVectorTests
{
    private static JsonElement Vectors()
    {
        string? folder = Environment.GetEnvironmentVariable("CPCHAIN_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "CPCHAIN_DATA is not set: public test vectors are absent.");
        string archive = Path.Combine(folder, "ethereum-tests/basic-tests.tar.xz");
        var start = new ProcessStartInfo("xz", ["-dc", archive]) { RedirectStandardOutput = true };
        using Process xz = Process.Start(start) ?? throw new InvalidOperationException("xz does not start.");
        using var unpacked = new MemoryStream();
        xz.StandardOutput.BaseStream.CopyTo(unpacked);
        xz.WaitForExit();
        unpacked.Position = 0;
        using var tar = new TarReader(unpacked);
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.Name.EndsWith("KeyStoreTests/basic_tests.json", StringComparison.Ordinal))
                return JsonDocument.Parse(entry.DataStream!).RootElement;
        }

        throw new FileNotFoundException("The archive has no keystore tests.");
    }

    [Fact]
    public void Every_published_document_opens_with_its_passphrase_and_with_no_other()
    {
        int seen = 0;
        foreach (JsonProperty test in Vectors().EnumerateObject())
        {
            byte[] document = Encoding.UTF8.GetBytes(test.Value.GetProperty("json").GetRawText());
            string passphrase = test.Value.GetProperty("password").GetString()!;
            Assert.Equal(KeystoreFault.None, KeystoreDocument.TryDecrypt(document, passphrase, out byte[] secret));
            Assert.Equal(test.Value.GetProperty("priv").GetString(), Convert.ToHexStringLower(secret));
            Assert.Equal(KeystoreFault.WrongPassphrase, KeystoreDocument.TryDecrypt(document, passphrase + "x", out byte[] none));
            Assert.Empty(none);
            seen++;
        }

        Assert.True(seen >= 5);
    }
}
