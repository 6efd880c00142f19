using System.CommandLine;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Keystore;
using CPChain.Types;

namespace CPChain.App.Proposing;

/// <summary>Whose key a command signs with. A key comes from a file under a passphrase, never from the command line.</summary>
internal sealed class AccountOptions
{
    /// <summary>Name of the passphrase's file where the command line names none: beside the key.</summary>
    public const string PassphraseName = "passphrase";

    public Option<DirectoryInfo?> Dir { get; } = new("--dir")
    {
        Description = "Folder of the identity that signs, as 'cpchain account new' makes it.",
        HelpName = "FOLDER",
    };

    public Option<FileInfo?> KeyFile { get; } = new("--key-file")
    {
        Description = "Instead of --dir: a keystore file of version 3, as wallets write it.",
        HelpName = "FILE",
    };

    public Option<FileInfo?> PassphraseFile { get; } = new("--passphrase-file")
    {
        Description = "File of mode 0600 whose first line opens the key. Else the file 'passphrase' beside the key.",
        HelpName = "FILE",
    };

    public Option<int?> DevnetAccount { get; } = new("--devnet-account")
    {
        Description = $"Instead of --dir, on local networks alone: one of their funded accounts, 0 to {DevnetAccounts.Count - 1}.",
        HelpName = "N",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Dir, KeyFile, PassphraseFile, DevnetAccount]) command.Options.Add(option);
    }

    /// <summary>Refuses a command line that names no key or more than one.</summary>
    public void Check(ParseResult parsed)
    {
        int given = new[] { parsed.GetValue(Dir) is not null, parsed.GetValue(KeyFile) is not null, parsed.GetValue(DevnetAccount) is not null }
            .Count(isGiven => isGiven);
        if (given == 0)
            throw new CommandFault("no account is named.", "add --dir FOLDER ('cpchain account new --dir FOLDER' makes one).");
        if (given > 1)
            throw new CommandFault("--dir, --key-file and --devnet-account name different accounts.", "give one of them.");
        if (parsed.GetValue(DevnetAccount) is { } index and (< 0 or >= DevnetAccounts.Count))
            throw new CommandFault($"--devnet-account {index} is none.", $"take 0 to {DevnetAccounts.Count - 1}.");
    }

    /// <summary>The address alone, as far as it can be known without a passphrase.</summary>
    public Address AddressOf(ParseResult parsed)
    {
        Check(parsed);
        if (parsed.GetValue(DevnetAccount) is { } index) return DevnetAccounts.At(index);
        if (parsed.GetValue(Dir) is { } dir && IdentityStore.TryReadAddress(dir.FullName, out Address address)) return address;
        using PrivateKey key = Open(parsed, DevnetAccounts.ChainId);
        return key.Address;
    }

    /// <summary>The key; the caller disposes of it.</summary>
    public PrivateKey Open(ParseResult parsed, ulong chainId)
    {
        Check(parsed);
        if (parsed.GetValue(DevnetAccount) is { } index)
        {
            // Everybody has these keys.
            return chainId == DevnetAccounts.ChainId ? DevnetAccounts.Key(index) : throw new CommandFault(
                $"--devnet-account {index} is for local networks, and the node's chain id is {chainId}, not {DevnetAccounts.ChainId}.",
                "name an account of your own with --dir FOLDER.");
        }

        string? passphrase = parsed.GetValue(PassphraseFile)?.FullName;
        if (parsed.GetValue(KeyFile) is { } file)
        {
            passphrase ??= Path.Combine(file.DirectoryName!, PassphraseName);
            return KeystoreFile.Open(file.FullName, CPChain.Keystore.PassphraseFile.Read(passphrase));
        }

        string dir = parsed.GetValue(Dir)!.FullName;
        if (!File.Exists(Path.Combine(dir, IdentityStore.KeyFile)))
            throw new CommandFault($"--dir {dir} has no {IdentityStore.KeyFile}.", $"make an account there: cpchain account new --dir {dir}");
        return IdentityStore.Open(dir, passphrase ?? Path.Combine(dir, PassphraseName));
    }
}
