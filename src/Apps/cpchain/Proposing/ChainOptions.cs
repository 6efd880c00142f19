using System.CommandLine;
using CPChain.App.Terminal;
using CPChain.Crypto;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.App.Proposing;

/// <summary>What a command needs of the key: nothing, whose it is, or the key itself.</summary>
internal enum KeyUse
{
    /// <summary>It asks for an account's facts; the address is enough.</summary>
    Address,

    /// <summary>It signs.</summary>
    Signs,
}

/// <summary>Options that every command on a chain has, and the one place where it connects, works and answers.</summary>
internal sealed class ChainOptions
{
    /// <summary>Where the default of --rpc can be set.</summary>
    public const string Variable = "CPCHAIN_RPC";

    private const string UrlDefault = "http://127.0.0.1:8545";

    private readonly AccountOptions account = new();

    private readonly Option<string> rpc = new("--rpc")
    {
        Description = $"JSON-RPC of a node; else what {Variable} says.",
        HelpName = "URL",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } url ? url : UrlDefault,
    };

    private readonly Option<string?> address = new("--address")
    {
        Description = "Whose facts to show, where you have no key.",
        HelpName = "0x...",
    };

    private readonly Option<bool> json = new("--json") { Description = "Print one JSON object; amounts are CPC, as text." };

    /// <summary>Gives a command these options beside its own, and what it does with the chain.</summary>
    public static Command Of(
        string name, string about, KeyUse use, IReadOnlyList<Option> own, Func<ParseResult, ChainSession, CancellationToken, Task> work)
    {
        ChainOptions options = new();
        Command command = new(name, about);
        foreach (Option option in own) command.Options.Add(option);
        options.account.AddTo(command);
        if (use == KeyUse.Address) command.Options.Add(options.address);
        command.Options.Add(options.rpc);
        command.Options.Add(options.json);
        command.SetAction((parsed, cancel) => options.RunAsync(parsed, use, work, cancel));
        return command;
    }

    /// <summary>Base units of an amount on the command line.</summary>
    public static UInt256 Amount(string option, string text) => Units.TryParseCpc(text, out UInt256 amount)
        ? amount
        : throw new CommandFault($"{option} {text} is no amount.", $"give CPC with at most {Units.Decimals} places, such as {option} 1.5.");

    /// <summary>An address on the command line.</summary>
    public static Address AddressOf(string option, string text) => Address.TryParse(text, out Address found)
        ? found
        : throw new CommandFault($"{option} {text} is no address.", "give 0x and 40 hexadecimal digits.");

    private async Task<int> RunAsync(
        ParseResult parsed, KeyUse use, Func<ParseResult, ChainSession, CancellationToken, Task> work, CancellationToken cancel)
    {
        string url = parsed.GetRequiredValue(rpc);
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? node) || node.Scheme is not ("http" or "https"))
            throw new CommandFault($"--rpc {url} is no URL.", $"give one such as {UrlDefault}.");
        if (use == KeyUse.Signs) account.Check(parsed);
        string? shown = use == KeyUse.Address ? parsed.GetValue(address) : null;
        Address? whose = shown is not null ? AddressOf("--address", shown)
            : use == KeyUse.Address ? account.AddressOf(parsed) : null;
        Answer answer = new(parsed.GetValue(json));
        using ChainClient client = new(node);
        try
        {
            using PrivateKey? key = use == KeyUse.Signs ? account.Open(parsed, await client.GetChainIdAsync(cancel)) : null;
            using ChainSession session = new(client, key, whose ?? key!.Address, answer, parsed.GetValue(json));
            await work(parsed, session, cancel);
        }
        catch (ChainClientException failure) when (Refusals.TryExplain(failure, out CommandFault? fault))
        {
            throw fault;
        }

        answer.Close();
        return 0;
    }
}
