using System.Text.Json;
using CPChain.Crypto;

namespace CPChain.Pre.Tests;

/// <summary>
/// The published vectors of another implementation hash differently, so only what is plain algebra can be compared:
/// a fragment's E1 and V1 are its secret times the capsule's E and V.
/// </summary>
public sealed class PublishedVectorTests
{
    private const int ScalarBytes = 32;
    private const int PointBytes = 33;

    [Fact]
    public void P16_re_encryption_of_the_published_capsule_gives_the_published_points()
    {
        string? folder = Environment.GetEnvironmentVariable("CPCHAIN_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "CPCHAIN_DATA is not set: public test vectors are absent.");
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "umbral/vectors_cfrags.json")));
        byte[] capsule = Bytes(file.RootElement, "capsule");
        Point e = PointAt(capsule, 0);
        Point v = PointAt(capsule, PointBytes);
        int seen = 0;
        foreach (JsonElement vector in file.RootElement.GetProperty("vectors").EnumerateArray())
        {
            byte[] kfrag = Bytes(vector, "kfrag"); // Begins with identifier and secret.
            byte[] cfrag = Bytes(vector, "cfrag"); // Begins with E1 and V1.
            Assert.True(Scalar.TryFromBytes32(kfrag.AsSpan(ScalarBytes, ScalarBytes), out Scalar rk));
            Assert.Equal(PointAt(cfrag, 0), e.Multiply(rk));
            Assert.Equal(PointAt(cfrag, PointBytes), v.Multiply(rk));
            seen++;
        }

        Assert.True(seen > 0);
    }

    private static byte[] Bytes(JsonElement element, string property) =>
        Convert.FromHexString(element.GetProperty(property).GetString()!);

    private static Point PointAt(byte[] bytes, int offset)
    {
        Assert.True(Point.TryFromCompressed(bytes.AsSpan(offset, PointBytes), out Point point));
        return point;
    }
}
