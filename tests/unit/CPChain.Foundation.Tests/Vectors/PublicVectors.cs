using System.Diagnostics;
using System.Formats.Tar;
using System.Text.Json;

namespace CPChain.Foundation.Tests.Vectors;

/// <summary>Test vectors of others, read from the folder that CPCHAIN_DATA names.</summary>
internal static class PublicVectors
{
    public static string Folder
    {
        get
        {
            string? folder = Environment.GetEnvironmentVariable("CPCHAIN_DATA");
            Assert.SkipWhen(string.IsNullOrEmpty(folder), "CPCHAIN_DATA is not set: public test vectors are absent.");
            return folder;
        }
    }

    public static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file))).RootElement;

    /// <summary>One JSON file out of a .tar.xz archive.</summary>
    public static JsonElement Json(string archive, string entryName)
    {
        var start = new ProcessStartInfo("xz", ["-dc", Path.Combine(Folder, archive)]) { RedirectStandardOutput = true };
        using Process xz = Process.Start(start) ?? throw new InvalidOperationException("xz does not start.");
        using var tar = new TarReader(xz.StandardOutput.BaseStream);
        while (tar.GetNextEntry() is { } entry)
        {
            if (!entry.Name.EndsWith(entryName, StringComparison.Ordinal) || entry.DataStream is null) continue;
            using var copy = new MemoryStream();
            entry.DataStream.CopyTo(copy);
            xz.StandardOutput.BaseStream.CopyTo(Stream.Null);
            xz.WaitForExit();
            return JsonDocument.Parse(copy.ToArray()).RootElement;
        }

        throw new FileNotFoundException($"{archive} has no {entryName}.");
    }

    public static byte[] Bytes(this JsonElement element, string property) =>
        Convert.FromHexString(element.Text(property));

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
