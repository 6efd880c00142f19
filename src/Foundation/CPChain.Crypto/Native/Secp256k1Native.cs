using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CPChain.Crypto.Native;

/// <summary>The functions of libsecp256k1 (Debian package libsecp256k1-1) that this project calls.</summary>
internal static unsafe partial class Secp256k1Native
{
    public const string Package = "libsecp256k1-1";
    public const int InternalKeyBytes = 64;
    public const int InternalSignatureBytes = 64;
    public const int InternalRecoverableBytes = 65;
    public const uint Uncompressed = 1 << 1;
    private const string Library = "libsecp256k1.so.1";

    // The flags of older versions: 0.2.0 and later ignore them.
    private const uint SignAndVerify = 0x301;

    private static readonly Lazy<nint> Shared = new(Create);

    /// <summary>The one context; every call but randomizing only reads it. Throws <see cref="NativeLibraryMissingException"/>.</summary>
    public static nint Context => Shared.Value;

    private static nint Create()
    {
        if (!NativeLibrary.TryLoad(Library, typeof(Secp256k1Native).Assembly, null, out _))
            throw new NativeLibraryMissingException(Library, Package);
        nint context = secp256k1_context_create(SignAndVerify);

        // By default the library ends the process on an argument it calls illegal, such as an all-zero key. With
        // these callbacks the call returns failure instead.
        secp256k1_context_set_illegal_callback(context, &Ignore, 0);
        return context;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(byte* message, void* data)
    {
    }

    [LibraryImport(Library)]
    private static partial nint secp256k1_context_create(uint flags);

    [LibraryImport(Library)]
    private static partial void secp256k1_context_set_illegal_callback(
        nint context, delegate* unmanaged[Cdecl]<byte*, void*, void> callback, nint data);

    [LibraryImport(Library)]
    public static partial int secp256k1_context_randomize(nint context, byte* seed32);

    [LibraryImport(Library)]
    public static partial int secp256k1_ec_seckey_verify(nint context, byte* secret);

    [LibraryImport(Library)]
    public static partial int secp256k1_ec_seckey_negate(nint context, byte* secret);

    [LibraryImport(Library)]
    public static partial int secp256k1_ec_seckey_tweak_add(nint context, byte* secret, byte* tweak);

    [LibraryImport(Library)]
    public static partial int secp256k1_ec_seckey_tweak_mul(nint context, byte* secret, byte* tweak);

    [LibraryImport(Library)]
    public static partial int secp256k1_ec_pubkey_create(nint context, byte* key, byte* secret);

    [LibraryImport(Library)]
    public static partial int secp256k1_ec_pubkey_parse(nint context, byte* key, byte* input, nuint length);

    [LibraryImport(Library)]
    public static partial int secp256k1_ec_pubkey_serialize(
        nint context, byte* output, nuint* length, byte* key, uint flags);

    [LibraryImport(Library)]
    public static partial int secp256k1_ec_pubkey_tweak_mul(nint context, byte* key, byte* tweak);

    [LibraryImport(Library)]
    public static partial int secp256k1_ec_pubkey_combine(nint context, byte* output, byte** keys, nuint count);

    [LibraryImport(Library)]
    public static partial int secp256k1_ecdh(
        nint context,
        byte* output,
        byte* key,
        byte* secret,
        delegate* unmanaged[Cdecl]<byte*, byte*, byte*, void*, int> hash,
        nint data);

    [LibraryImport(Library)]
    public static partial int secp256k1_ecdsa_signature_parse_compact(nint context, byte* signature, byte* input64);

    [LibraryImport(Library)]
    public static partial int secp256k1_ecdsa_verify(nint context, byte* signature, byte* digest32, byte* key);

    [LibraryImport(Library)]
    public static partial int secp256k1_ecdsa_sign_recoverable(
        nint context, byte* signature, byte* digest32, byte* secret, nint nonceFunction, byte* nonceData);

    [LibraryImport(Library)]
    public static partial int secp256k1_ecdsa_recoverable_signature_serialize_compact(
        nint context, byte* output64, int* recoveryId, byte* signature);

    [LibraryImport(Library)]
    public static partial int secp256k1_ecdsa_recoverable_signature_parse_compact(
        nint context, byte* signature, byte* input64, int recoveryId);

    [LibraryImport(Library)]
    public static partial int secp256k1_ecdsa_recover(nint context, byte* key, byte* signature, byte* digest32);
}
