using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CPChain.App.Proposing;
using CPChain.App.Terminal;
using CPChain.Crypto;
using CPChain.Keystore;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.App.Commands;

/// <summary>`cpchain account`: an identity in a folder, its coins, and payments.</summary>
internal static class AccountCommand
{
    private const string AboutNew = """
        Make a key in a folder.

        A folder has key.json (keystore version 3, as wallets use it) and the file passphrase that opens it, both for their owner alone.
        Copy both to a safe place: nobody else has the key.

        Examples:
          cpchain account new --dir my-node                              a new key
          cpchain account show --dir my-node                             its address, balance and nonce
          cpchain account send --devnet-account 0 --to 0x... --amount 50 coins from a local network's funded account
        """;

    // Nodes are folders of folders: DIR/nodes/NAME/key.json.
    private const int ListDepth = 3;

    public static Command Create() => new("account", "Accounts: a key in a folder, its balance, payments.")
    {
        New(), List(), Show(), Send(),
    };

    private static Command New()
    {
        Option<DirectoryInfo> dir = Folder("--dir", "Folder for the new identity.");
        Option<FileInfo?> passphraseFile = new("--passphrase-file")
        {
            Description = "File of mode 0600 whose first line is to open the key. Else FOLDER/passphrase, made with 256 random bits.",
            HelpName = "FILE",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new("new", AboutNew) { dir, passphraseFile, json };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(dir).FullName;
            if (File.Exists(Path.Combine(folder, IdentityStore.KeyFile)))
                throw new CommandFault($"--dir {folder} has a key already; it is not overwritten.", "name a new folder.");
            string passphrase = parsed.GetValue(passphraseFile)?.FullName ?? Path.Combine(folder, AccountOptions.PassphraseName);
            using PrivateKey key = IdentityStore.OpenOrCreate(folder, passphrase, RandomNumberGenerator.Fill);
            Answer answer = new(parsed.GetValue(json));
            answer.Fact("address", "address", AddressChecksum.Format(key.Address));
            answer.Fact("keyFile", "key", Path.Combine(folder, IdentityStore.KeyFile));
            answer.Fact("passphraseFile", "passphrase", passphrase);
            answer.Next("Keep copies of both files. Next: send coins to the address.");
            answer.Close();
        });
        return command;
    }

    private static Command List()
    {
        Option<DirectoryInfo> dir = Folder("--dir", "Folder to look in, and three levels below.");
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new("list", "Addresses of the identities in a folder and below, no passphrase needed.") { dir, json };
        command.SetAction(parsed =>
        {
            string root = parsed.GetRequiredValue(dir).FullName;
            if (!Directory.Exists(root)) throw new CommandFault($"there is no folder {root}.", "name one that is there with --dir.");
            EnumerationOptions depth = new() { RecurseSubdirectories = true, MaxRecursionDepth = ListDepth };
            Answer answer = new(parsed.GetValue(json));
            JsonArray found = [];
            foreach (string file in Directory.EnumerateFiles(root, IdentityStore.KeyFile, depth).Order(StringComparer.Ordinal))
            {
                string folder = Path.GetDirectoryName(file)!;
                if (!IdentityStore.TryReadAddress(folder, out Address address)) continue;
                found.Add((JsonNode)new JsonObject { ["address"] = AddressChecksum.Format(address), ["folder"] = folder });
                answer.Say($"{AddressChecksum.Format(address)}  {folder}");
            }

            if (found.Count == 0) answer.Say($"No identities in {root}. Make one: cpchain account new --dir FOLDER");
            answer.Member("accounts", found);
            answer.Close();
        });
        return command;
    }

    private static Command Show() => ChainOptions.Of(
        "show", "Address, balance and nonce. Example: cpchain account show --dir my-node", KeyUse.Address, [], async (_, chain, cancel) =>
        {
            UInt256 balance = await chain.Client.GetBalanceAsync(chain.Address, cancel: cancel);
            ulong nonce = await chain.Client.GetTransactionCountAsync(chain.Address, cancel: cancel);
            chain.Answer.Fact("address", "address", AddressChecksum.Format(chain.Address));
            chain.Answer.Fact("balance", "balance", Coins.Show(balance), Coins.Show(balance, Units.Decimals));
            chain.Answer.Fact("nonce", "sent so far", $"{nonce}", nonce);
        });

    private static Command Send()
    {
        Option<string?> to = new("--to") { Description = "Who gets the coins.", HelpName = "0x..." };
        Option<DirectoryInfo?> toDir = new("--to-dir") { Description = "Instead of --to: the identity in this folder.", HelpName = "FOLDER" };
        Option<string> amount = new("--amount") { Description = "How many CPC, such as 1.5.", HelpName = "CPC", Required = true };
        return ChainOptions.Of(
            "send", "Send coins and wait for the block. Example: cpchain account send --dir my-node --to 0x... --amount 1.5",
            KeyUse.Signs, [to, toDir, amount], async (parsed, chain, cancel) =>
            {
                Address receiver = ReceiverOf(parsed.GetValue(to), parsed.GetValue(toDir));
                UInt256 coins = ChainOptions.Amount("--amount", parsed.GetRequiredValue(amount));
                PendingTransaction sent = await chain.Sender.TransferAsync(receiver, coins, cancel: cancel);
                await chain.DoneAsync(sent, cancel);
                chain.Answer.Fact("sent", "sent", $"{Coins.Show(coins)} to {AddressChecksum.Format(receiver)}", Coins.Show(coins, Units.Decimals));
            });
    }

    private static Address ReceiverOf(string? to, DirectoryInfo? toDir) => (to, toDir) switch
    {
        ({ } text, null) => ChainOptions.AddressOf("--to", text),
        (null, { } folder) => IdentityStore.TryReadAddress(folder.FullName, out Address address) ? address : throw new CommandFault(
            $"--to-dir {folder} has no {IdentityStore.KeyFile}.", "name the folder of an identity, or an address with --to."),
        _ => throw new CommandFault("who gets the coins is not clear.", "give one of --to 0x... and --to-dir FOLDER."),
    };

    private static Option<DirectoryInfo> Folder(string name, string about) => new(name)
    {
        Description = about,
        HelpName = "FOLDER",
        Required = true,
    };
}
