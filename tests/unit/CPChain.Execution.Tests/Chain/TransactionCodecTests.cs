using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution.Tests.Harness;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Execution.Tests.Chain;

/// <summary>Rule C7: the envelopes.</summary>
public sealed class TransactionCodecTests
{
    public static TheoryData<string> Kinds => ["legacy", "access-list", "fee-market", "set-code"];

    [Fact]
    public void Eip155_the_published_example_signs_to_the_published_bytes()
    {
        byte[] secret = new byte[32];
        Array.Fill(secret, (byte)0x46);
        Assert.True(PrivateKey.TryFromBytes(secret, out PrivateKey? key));
        UnsignedTransaction unsigned = UnsignedTransaction.Legacy(1, 9, 20UL * Units.Gwei, 21_000) with
        {
            To = Address.Parse("0x3535353535353535353535353535353535353535"),
            Value = Units.Cpc,
        };
        Assert.Equal(
            "0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53", unsigned.SigningHash().ToString());
        Assert.Equal(
            "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a0"
                + "28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a0"
                + "67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83",
            Hex.Encode(Transaction.Sign(unsigned, key).Encoded.Span));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void C7_every_type_survives_the_round_trip_and_names_its_sender(string kind)
    {
        Transaction signed = Sample(kind);
        Assert.True(Transaction.TryDecode(signed.Encoded.Span, out Transaction? read, out TransactionFault fault), $"{fault}");
        Assert.Equal(signed.Hash, read.Hash);
        Assert.Equal(signed.Encode(), read.Content.EncodeWith(read.Signature));
        Assert.Equal(signed.Content.SigningHash(), read.Content.SigningHash());
        Assert.True(read.TryRecoverSender(out Address sender));
        Assert.Equal(TestChain.Users[0].Address, sender);
    }

    [Fact]
    public void C7_what_other_chains_carry_is_read_for_tools_alone()
    {
        Transaction unbound = Transaction.Sign(Samples.Legacy.Content with { ChainId = 0 }, TestChain.Users[0]);
        Transaction blobs = Transaction.Sign(
            Samples.FeeMarket.Content with
            {
                Type = TxType.Blob,
                To = Address.Zero,
                MaxFeePerBlobGas = 7UL,
                BlobHashes = [Hash256.FromUInt256(UInt256.One << 248), Hash256.FromUInt256(UInt256.One)],
            },
            TestChain.Users[0]);
        Assert.Equal(TransactionFault.Unprotected, FaultOf(unbound.Encode()));
        Assert.Equal(TransactionFault.BlobsRefused, FaultOf(blobs.Encode()));
        foreach (Transaction signed in (Transaction[])[unbound, blobs, Samples.SetCode])
        {
            Assert.True(Transaction.TryDecodeForeign(signed.Encoded.Span, out Transaction? read, out TransactionFault fault), $"{fault}");
            Assert.Equal(signed.Encode(), read.Content.EncodeWith(read.Signature));
            Assert.True(read.TryRecoverSender(out Address sender));
            Assert.Equal(TestChain.Users[0].Address, sender);
        }
        Assert.True(Transaction.TryDecodeForeign(blobs.Encoded.Span, out Transaction? carrying, out _));
        Assert.Equal((7UL, 2), (carrying.Content.MaxFeePerBlobGas, carrying.Content.BlobHashes.Length));
        Assert.True(Transaction.TryDecodeForeign(unbound.Encoded.Span, out Transaction? old, out _));
        Assert.Equal((0UL, true), (old.ChainId, old.Content.SignatureMark(old.Signature) is var mark && (mark == 27UL || mark == 28UL)));
        for (int length = 0; length < blobs.Encoded.Length; length++)
            Assert.False(Transaction.TryDecodeForeign(blobs.Encoded.Span[..length], out _, out _));
    }

    [Fact]
    public void C13_a_transaction_bound_to_no_chain_is_not_valid_here()
    {
        UnsignedTransaction unbound = Samples.Legacy.Content with { ChainId = 0 };
        Assert.Equal(ValidityFault.WrongChainId, TransactionRules.CheckForm(unbound, TestChain.ChainId, CPChain.Evm.EvmRules.Osaka));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void C7_an_envelope_of_version_1_decodes_for_ever(string kind)
    {
        byte[] encoded = Fixtures.Bytes($"wire/transaction-{kind}-v1.hex");
        Assert.True(Transaction.TryDecode(encoded, out Transaction? read, out TransactionFault fault), $"{fault}");
        Assert.Equal(Sample(kind).Hash, read.Hash);
    }

    [Fact]
    public void Eip155_unprotected_signatures_are_refused()
    {
        Transaction signed = Samples.Legacy;
        foreach (ulong v in (ulong[])[27, 28])
            Assert.Equal(TransactionFault.Unprotected, FaultOf(LegacyWith(v, signed.Signature.R, signed.Signature.S)));
        Assert.Equal(
            TransactionFault.InvalidSignature, FaultOf(LegacyWith(29, signed.Signature.R, signed.Signature.S)));
        Assert.Equal(
            TransactionFault.ChainIdTooLarge,
            FaultOf(LegacyWith(UInt256.One << 70, signed.Signature.R, signed.Signature.S)));
    }

    [Fact]
    public void Eip2_high_s_and_values_out_of_range_are_refused()
    {
        Signature good = Samples.Legacy.Signature;
        UInt256 v = TestChain.ChainId * 2 + 35;
        foreach ((UInt256 r, UInt256 s) in ((UInt256, UInt256)[])
            [
                (good.R, Signature.GroupOrder - good.S), (UInt256.Zero, good.S), (good.R, UInt256.Zero),
                (Signature.GroupOrder, good.S), (UInt256.MaxValue, good.S),
            ])
            Assert.Equal(TransactionFault.InvalidSignature, FaultOf(LegacyWith(v, r, s)));
    }

    [Fact]
    public void Eip4844_blob_transactions_are_refused_by_name()
    {
        Assert.Equal(TransactionFault.BlobsRefused, FaultOf([0x03, 0xc0]));
        Assert.Contains("blob", TransactionFault.BlobsRefused.Text(), StringComparison.Ordinal);
        Assert.Equal(TransactionFault.Malformed, FaultOf([0x03, 0x80]));
    }

    [Fact]
    public void C7_unknown_types_empty_and_oversized_bytes_are_refused()
    {
        Assert.Equal(TransactionFault.Empty, FaultOf([]));
        foreach (byte type in (byte[])[0x00, 0x05, 0x7f, 0x80, 0xbf])
            Assert.Equal(TransactionFault.UnknownType, FaultOf([type, 0xc0]));
        Assert.Equal(TransactionFault.TooLarge, FaultOf(new byte[128 * 1024 + 1]));
        Assert.Equal(TransactionFault.BlobsRefused, FaultOf([3, .. new byte[128 * 1024]]));
    }

    [Fact]
    public void Eip7702_needs_destination_and_authorisations()
    {
        Transaction noTarget = Transaction.Sign(Samples.SetCode.Content with { To = null }, TestChain.Users[0]);
        Assert.Equal(TransactionFault.SetCodeWithoutDestination, FaultOf(noTarget.Encode()));
        Transaction empty = Transaction.Sign(Samples.SetCode.Content with { Authorizations = [] }, TestChain.Users[0]);
        Assert.Equal(TransactionFault.NoAuthorizations, FaultOf(empty.Encode()));
    }

    [Fact]
    public void C7_a_changed_field_changes_the_sender()
    {
        Transaction signed = Samples.FeeMarket;
        byte[] forged = (signed.Content with { Value = 1UL }).EncodeWith(signed.Signature);
        Assert.True(Transaction.TryDecode(forged, out Transaction? read, out _));
        Assert.True(!read.TryRecoverSender(out Address sender) || sender != TestChain.Users[0].Address);
    }

    internal static Transaction Sample(string kind) => kind switch
    {
        "legacy" => Samples.Legacy,
        "access-list" => Samples.AccessList,
        "fee-market" => Samples.FeeMarket,
        _ => Samples.SetCode,
    };

    private static TransactionFault FaultOf(byte[] encoded)
    {
        Assert.False(Transaction.TryDecode(encoded, out Transaction? none, out TransactionFault fault));
        Assert.Null(none);
        return fault;
    }

    private static byte[] LegacyWith(in UInt256 v, in UInt256 r, in UInt256 s)
    {
        Transaction signed = Samples.Legacy;
        RlpWriter writer = new();
        writer.BeginList();
        writer.WriteUlong(signed.Nonce);
        writer.WriteUInt256(signed.GasPrice);
        writer.WriteUlong(signed.GasLimit);
        writer.WriteAddressOrEmpty(signed.To);
        writer.WriteUInt256(signed.Value);
        writer.WriteBytes(signed.Data.Span);
        writer.WriteUInt256(v);
        writer.WriteUInt256(r);
        writer.WriteUInt256(s);
        writer.EndList();
        return writer.ToArray();
    }
}
