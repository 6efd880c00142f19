using System.Buffers.Binary;
using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

// Inputs that precompiled contracts accept, or nearly.
internal sealed partial class ProgramMaker
{
    private const ulong OutputAt = 0x400;

    /// <summary>A P-256 signature made for this purpose: digest, r, s, x, y.</summary>
    private static readonly byte[] P256Signature = Hex.Decode(
        "0xa19c151cf2def362986165fbdb634ab2cf7f59b81901622e727d8fbe3f80bdfa"
        + "27f795b76cb3f3839927619d471e12b11a8d35b14790b5010c06c7fdf84da701"
        + "fc61bfffc334fd84484096b644b6f01dea9057a2d453759dba0e78fa14fbb047"
        + "ed0d8e69095dac40d760619d5f4cbe0cfd0a5bd21c634a4cb05c17c5457e9e52"
        + "f0100c72487461d67d0be80c7ed5a6db7a8d96a2c00a4b5c0536b2f206928dcf");

    private void CallPrecompile(ProgramWriter code)
    {
        switch (chance.Below(60))
        {
            case < 10: Precompile(code, 1, RecoverInput(), 32); break;
            case < 13: Precompile(code, 2, Bytes(chance.Below(200)), 32); break;
            case < 16: Precompile(code, 3, Bytes(chance.Below(200)), 32); break;
            case < 19: Precompile(code, 4, Bytes(chance.Below(200)), (ulong)chance.Below(200)); break;
            case < 31: Precompile(code, 5, ModExpInput(), (ulong)chance.Below(80)); break;
            case < 36: Precompile(code, 6, [.. CurvePoint(), .. CurvePoint()], 64); break;
            case < 40: Precompile(code, 7, [.. CurvePoint(), .. Constant().ToBigEndian()], 64); break;
            case < 41: Precompile(code, 8, chance.Chance(60) ? [] : Bytes(192), 32); break;
            case < 45: Precompile(code, 9, Blake2Input(), 64); break;
            case < 46: Precompile(code, 10, PointEvaluationInput(), 64); break;
            case < 50: Precompile(code, CommonState.P256, P256Signature, 32); break;
            case < 53: BlsG1(code); break;
            case < 55: BlsG2(code); break;
            default: Precompile(code, PrecompileNumber(), Bytes(chance.Below(400)), 64); break;
        }
    }

    private void Precompile(ProgramWriter code, ulong number, byte[] input, ulong outputLength)
    {
        input = [.. input];
        if (input.Length > 0 && chance.Chance(8)) input[chance.Below(input.Length)] ^= (byte)(1 << chance.Below(8));
        code.CopyToMemory(input, InputAt);
        ulong length = (ulong)(chance.Chance(92) ? input.Length : chance.Below(input.Length + 70));
        Run(code, number, InputAt, length, OutputAt, outputLength);
        if (chance.Chance(40)) return;
        Load(code, 0x51, OutputAt + (32 * (ulong)chance.Below(3)));
    }

    private void Run(ProgramWriter code, ulong number, ulong inAt, ulong length, ulong outAt, ulong outLength)
    {
        byte opcode = chance.Below(4) switch { 0 => 0xf1, 1 => 0xf4, 2 => 0xf2, _ => 0xfa };
        Call(code, opcode, writer => writer.Push(number), (outLength, outAt), (length, inAt));
    }

    private byte[] RecoverInput()
    {
        byte[] digest = Bytes(32);
        byte[] secret = Bytes(32);
        if (!PrivateKey.TryFromBytes(secret, out PrivateKey? key)) return digest;
        using (key)
        {
            Signature signature = key.Sign(Hash256.FromBytes(digest));
            UInt256 parity = (ulong)signature.V + (chance.Chance(90) ? 27UL : (ulong)chance.Below(3));
            return [.. digest, .. parity.ToBigEndian(), .. signature.R.ToBigEndian(), .. signature.S.ToBigEndian()];
        }
    }

    private byte[] ModExpInput()
    {
        int radix = chance.Below(70), exponent = chance.Below(chance.Chance(80) ? 34 : 80), modulus = chance.Below(70);
        byte[] header =
        [
            .. ((UInt256)(ulong)radix).ToBigEndian(), .. ((UInt256)(ulong)exponent).ToBigEndian(),
            .. (chance.Chance(97) ? (UInt256)(ulong)modulus : Constant()).ToBigEndian(),
        ];
        return [.. header, .. Bytes(radix), .. Bytes(exponent), .. Bytes(modulus)];
    }

    /// <summary>A point of alt_bn128 that needs no arithmetic: the generator, its negative, infinity, or none at all.</summary>
    private byte[] CurvePoint() => chance.Below(8) switch
    {
        < 4 => [.. UInt256.One.ToBigEndian(), .. ((UInt256)2UL).ToBigEndian()],
        < 5 =>
        [
            .. UInt256.One.ToBigEndian(),
            .. (UInt256.Parse("21888242871839275222246405745257275088696311157297823662689037894645226208583") - 2UL).ToBigEndian(),
        ],
        < 7 => new byte[64],
        _ => [.. Constant().ToBigEndian(), .. Constant().ToBigEndian()],
    };

    private byte[] Blake2Input()
    {
        byte[] input = Bytes(213);
        BinaryPrimitives.WriteUInt32BigEndian(input, (uint)chance.Below(40));
        input[212] = (byte)(chance.Chance(90) ? chance.Below(2) : chance.Below(256));
        return input;
    }

    /// <summary>The polynomial zero: commitment and proof are infinity, and it is zero everywhere.</summary>
    private byte[] PointEvaluationInput()
    {
        byte[] infinity = new byte[48];
        infinity[0] = 0xc0;
        byte[] versioned = SHA256.HashData(infinity);
        versioned[0] = 1;
        byte[] at = Bytes(32);
        at[0] = (byte)chance.Below(0x80);
        return [.. versioned, .. at, .. new byte[32], .. infinity, .. infinity];
    }

    /// <summary>Maps two numbers to points of BLS12-381, adds them or multiplies one.</summary>
    private void BlsG1(ProgramWriter code)
    {
        for (ulong index = 0; index < 2; index++)
        {
            code.CopyToMemory(BlsField(), OutputAt);
            Run(code, 0x10, OutputAt, 64, InputAt + (128 * index), 128);
        }

        if (chance.Chance(50))
        {
            Run(code, 0x0b, InputAt, 256, OutputAt, 128);
            return;
        }

        code.CopyToMemory(Constant().ToBigEndian(), InputAt + 128);
        Run(code, 0x0c, InputAt, 160, OutputAt, 128);
        Load(code, 0x51, OutputAt + 0x20);
    }

    private void BlsG2(ProgramWriter code)
    {
        code.CopyToMemory([.. BlsField(), .. BlsField()], OutputAt);
        Run(code, 0x11, OutputAt, 128, InputAt + 128, 256);
        switch (chance.Below(3))
        {
            case 0:
                code.CopyToMemory(BlsField(), OutputAt);
                Run(code, 0x10, OutputAt, 64, InputAt, 128);
                Run(code, 0x0f, InputAt, 384, OutputAt, 32);
                break;
            case 1:
                code.CopyToMemory(Constant().ToBigEndian(), InputAt + 384);
                Run(code, 0x0e, InputAt + 128, 288, OutputAt, 256);
                break;
            default:
                Run(code, 0x0d, InputAt, 512, OutputAt, 256);
                break;
        }

        Load(code, 0x51, OutputAt + 0x20);
    }

    /// <summary>An element of the base field of BLS12-381, mostly a canonical one.</summary>
    private byte[] BlsField()
    {
        byte[] field = Bytes(64);
        field.AsSpan(0, 16).Clear();
        field[16] = (byte)chance.Below(chance.Chance(95) ? 0x1a : 0x100);
        return field;
    }

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        for (int index = 0; index < count; index++) bytes[index] = (byte)chance.Below(256);
        return bytes;
    }
}
