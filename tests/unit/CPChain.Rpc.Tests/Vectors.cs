using System.Diagnostics;

namespace CPChain.Rpc.Tests;

/// <summary>Others' test vectors, read from the folder that CPCHAIN_DATA names.</summary>
internal static class Vectors
{
    /// <summary>One file of a .tar.xz archive; skips the test where there is no data.</summary>
    public static byte[] ReadFromArchive(string archive, string entry)
    {
        string? root = Environment.GetEnvironmentVariable("CPCHAIN_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(root), "CPCHAIN_DATA is not set: the Ethereum test vectors are read from there.");
        ProcessStartInfo start = new("tar", ["-xJOf", Path.Combine(root!, archive), entry]) { RedirectStandardOutput = true };
        using Process tar = Process.Start(start)!;
        using MemoryStream content = new();
        tar.StandardOutput.BaseStream.CopyTo(content);
        tar.WaitForExit();
        Assert.True(tar.ExitCode == 0, $"{archive} holds no {entry}.");
        return content.ToArray();
    }
}
