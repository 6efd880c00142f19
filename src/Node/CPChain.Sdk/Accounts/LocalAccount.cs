using System.Security.Cryptography;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Keystore;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>An account whose key is in this process. It signs; an <see cref="AccountSender"/> of it sends. Dispose zeroes the key.</summary>
public sealed class LocalAccount : IDisposable
{
    private LocalAccount(PrivateKey key) => Key = key;

    public Address Address => Key.Address;

    public PublicKey PublicKey => Key.PublicKey;

    internal PrivateKey Key { get; }

    /// <summary>A new account from the system's random numbers. Save it: nobody else has its key.</summary>
    public static LocalAccount Create() => new(PrivateKey.Generate(RandomNumberGenerator.Fill));

    /// <summary>A funded account of a local network, 0 to 9. Everybody has its key: it works on local networks only.</summary>
    public static LocalAccount Devnet(int index) => new(DevnetAccounts.Key(index));

    /// <summary>An account of a key at hand: 32 bytes, which are copied.</summary>
    /// <exception cref="ArgumentException">They are no key.</exception>
    public static LocalAccount Import(ReadOnlySpan<byte> privateKey) => PrivateKey.TryFromBytes(privateKey, out PrivateKey? key)
        ? new LocalAccount(key)
        : throw new ArgumentException("A private key is 32 bytes, not zero and below the order of the curve.", nameof(privateKey));

    /// <summary>The same from 64 hexadecimal digits, 0x before them allowed.</summary>
    /// <exception cref="FormatException">The text is no key; the message does not repeat it.</exception>
    public static LocalAccount Import(string privateKeyHex)
    {
        Span<byte> bytes = stackalloc byte[PrivateKey.Length];
        PrivateKey? key = null;
        if (Hex.TryDecode(privateKeyHex, bytes)) PrivateKey.TryFromBytes(bytes, out key);
        CryptographicOperations.ZeroMemory(bytes);
        return key is not null ? new LocalAccount(key) : throw new FormatException("A private key is 64 hexadecimal digits.");
    }

    /// <summary>Opens a keystore file of version 3, as every Ethereum wallet writes it.</summary>
    /// <exception cref="KeystoreException">The file does not open; the message has the fix.</exception>
    public static LocalAccount Open(string keystorePath, string passphrase) => new(KeystoreFile.Open(keystorePath, passphrase));

    /// <summary>Opens the text of a keystore of version 3.</summary>
    /// <exception cref="KeystoreException">It does not open; the message has the fix.</exception>
    public static LocalAccount FromKeystore(ReadOnlySpan<byte> keystoreJson, string passphrase)
    {
        KeystoreFault fault = KeystoreDocument.TryDecryptKey(keystoreJson, passphrase, out PrivateKey? key);
        return fault == KeystoreFault.None ? new LocalAccount(key!) : throw KeystoreFile.Refusal("the keystore", fault);
    }

    /// <summary>Writes the key under a passphrase to a new file of mode 0600; an existing file is left alone.</summary>
    /// <exception cref="KeystoreException">There is such a file.</exception>
    public void Save(string keystorePath, string passphrase, ScryptCost? cost = null) =>
        KeystoreFile.Create(keystorePath, Key, passphrase, RandomNumberGenerator.Fill, cost ?? ScryptCost.Strong);

    /// <summary>The key under a passphrase as the JSON of keystore version 3.</summary>
    public byte[] ToKeystore(string passphrase, ScryptCost? cost = null) =>
        KeystoreDocument.Encrypt(Key, passphrase, cost ?? ScryptCost.Strong, RandomNumberGenerator.Fill);

    /// <summary>Signs a transaction of any type that the chain takes: 0, 1, 2 or 4.</summary>
    public Transaction Sign(UnsignedTransaction transaction) => Transaction.Sign(transaction, Key);

    /// <summary>Lets this account run another's code from a type-4 transaction on (EIP-7702); zero takes it back.</summary>
    public Authorization Authorize(ulong chainId, Address code, ulong nonce) => Authorization.Sign(chainId, code, nonce, Key);

    /// <summary>The 65 bytes that wallets call personal_sign (EIP-191): r, s and 27 or 28.</summary>
    public byte[] SignMessage(ReadOnlySpan<byte> message) => ToWallet(Key.Sign(SignedMessage.HashOf(message)));

    /// <inheritdoc cref="SignMessage(ReadOnlySpan{byte})"/>
    public byte[] SignMessage(string message) => ToWallet(Key.Sign(SignedMessage.HashOf(message)));

    /// <summary>The 65 bytes that wallets call eth_signTypedData_v4 (EIP-712): r, s and 27 or 28.</summary>
    public byte[] SignTypedData(TypedData data) => ToWallet(Key.Sign(data.SigningHash));

    public void Dispose() => Key.Dispose();

    /// <summary>The address; never the key.</summary>
    public override string ToString() => Address.ToString();

    private static byte[] ToWallet(Signature signature)
    {
        byte[] bytes = signature.ToArray();
        bytes[^1] += SignedMessage.RecoveryOffset;
        return bytes;
    }
}
