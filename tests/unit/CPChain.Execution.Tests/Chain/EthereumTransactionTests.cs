using System.Text.Json;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution.Tests.Harness;
using CPChain.Types;

namespace CPChain.Execution.Tests.Chain;

/// <summary>Ethereum's TransactionTests: what decodes and is valid there, and what is not.</summary>
public sealed class EthereumTransactionTests(ITestOutputHelper output)
{
    private static readonly string[] Forks = ["Cancun", "Shanghai", "London"];

    [Fact]
    public void C7_C13_the_public_vectors_agree()
    {
        int accepted = 0;
        int refused = 0;
        List<string> wrong = [];
        List<string> unprotected = [];
        foreach ((string name, JsonElement test) in Vectors())
        {
            JsonElement result = test.GetProperty("result");
            string fork = Forks.First(one => result.TryGetProperty(one, out _));
            EvmRules rules = EvmRules.All.Single(one => one.Name == fork);
            JsonElement expected = result.GetProperty(fork);
            bool expectedValid = !expected.TryGetProperty("exception", out _);
            string outcome = Judge(Hex.Decode(test.GetProperty("txbytes").GetString()!), rules, out Transaction? read);
            if (expectedValid && outcome == "valid")
            {
                accepted++;
                Assert.True(read!.TryRecoverSender(out Address sender));
                Assert.Equal(expected.GetProperty("sender").GetString(), sender.ToString());
                Assert.Equal(expected.GetProperty("hash").GetString(), read.Hash.ToString());
                Assert.Equal(
                    UInt256.Parse(expected.GetProperty("intrinsicGas").GetString()!),
                    (UInt256)IntrinsicGas.Of(read.Content, rules).Standard);
            }
            else if (!expectedValid && outcome != "valid")
            {
                refused++;
            }
            else if (outcome == nameof(TransactionFault.Unprotected))
            {
                // This chain takes no signatures that are not bound to a chain (rule C7).
                unprotected.Add(name);
            }
            else
            {
                wrong.Add($"{name}: expected {(expectedValid ? "valid" : "refusal")}, got {outcome}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        output.WriteLine($"{accepted} accepted, {refused} refused; not applicable, unprotected: {string.Join(' ', unprotected)}");
        Assert.True(accepted >= 15 && refused >= 150, $"{accepted} accepted, {refused} refused");
    }

    private static string Judge(byte[] bytes, EvmRules rules, out Transaction? read)
    {
        if (!Transaction.TryDecode(bytes, out read, out TransactionFault fault, bytesMax: 1 << 20))
            return fault.ToString();
        ValidityFault validity = TransactionRules.CheckForm(read.Content, chainId: 1, rules);
        if (validity == ValidityFault.None && !read.TryRecoverSender(out _))
            validity = ValidityFault.UnknownSender;
        return validity == ValidityFault.None ? "valid" : validity.ToString();
    }

    private static IEnumerable<(string Name, JsonElement Test)> Vectors() =>
        PublicArchive.Read("ethereum-tests/basic-tests.tar.xz", name => name.Contains("TransactionTests/tt", StringComparison.Ordinal))
            .SelectMany(file => JsonDocument.Parse(file.Content).RootElement.EnumerateObject())
            .Select(test => (test.Name, test.Value));
}
