using System.Runtime.CompilerServices;
using CPChain.Evm.Interpreter.Streams;

namespace CPChain.Evm.Interpreter;

/// <summary>Code made ready to run: pinned, padded with STOP on the right so that no fetch needs a bound, padded on the
/// left so that a PUSH may load whole words, opcodes that the rules lack replaced by INVALID, jump targets marked.</summary>
internal sealed unsafe class CodeImage
{
    /// <summary>Bytes before the first opcode.</summary>
    private const int LeftPadding = 32;

    /// <summary>Room for the operand of a PUSH32 in the last byte, and a STOP after it.</summary>
    private const int RightPadding = 40;

    private const int HeatPerByte = 16;
    private const int HeatAtLeast = 2000;

    private readonly byte[] _bytes;
    private readonly ReadOnlyMemory<byte> _original;
    private readonly byte[] _jumpTargets;

    /// <param name="original">Must not change while the image lives.</param>
    /// <param name="rules">Decides which opcodes exist.</param>
    internal CodeImage(ReadOnlyMemory<byte> original, EvmRules rules)
    {
        ReadOnlySpan<byte> code = original.Span;
        _original = original;
        Length = code.Length;
        _bytes = GC.AllocateArray<byte>(LeftPadding + code.Length + RightPadding, pinned: true);
        _jumpTargets = GC.AllocateArray<byte>((code.Length >> 3) + 1, pinned: true);
        code.CopyTo(_bytes.AsSpan(LeftPadding));
        Start = (byte*)Unsafe.AsPointer(ref _bytes[LeftPadding]);
        JumpTargets = (byte*)Unsafe.AsPointer(ref _jumpTargets[0]);
        Analyse(rules);
        HeatLeft = HeatAtLeast + ((long)HeatPerByte * Length);
    }

    /// <summary>First opcode. SAFETY: valid while this image is referenced, its array is pinned.</summary>
    internal byte* Start { get; }

    /// <summary>One bit for each code byte. SAFETY: as for <see cref="Start"/>.</summary>
    internal byte* JumpTargets { get; }

    /// <summary>Length of the code without padding.</summary>
    internal int Length { get; }

    /// <summary>The code as CODECOPY sees it.</summary>
    internal ReadOnlySpan<byte> Original => _original.Span;

    /// <summary>Bytes that this image occupies.</summary>
    internal int Footprint => _bytes.Length + _jumpTargets.Length + 96 + (Stream?.Footprint ?? 0);

    /// <summary>The decoded code, once it is worth its cost.</summary>
    internal CodeStream? Stream { get; private set; }

    /// <summary>Gas that the code must still burn before it is decoded: decoding a byte costs about as much as running
    /// <see cref="HeatPerByte"/> gas, so that nobody can make a node decode more than it is paid for.</summary>
    internal long HeatLeft { get; set; }

    internal bool CanDecode => Length <= StreamDecoder.CodeBytesMax;

    internal CodeStream Decode() => Stream ??= StreamDecoder.Decode(_bytes.AsSpan(LeftPadding), Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsJumpTarget(ulong target) =>
        target < (ulong)Length && (JumpTargets[target >> 3] & (1u << (int)(target & 7))) != 0;

    private void Analyse(EvmRules rules)
    {
        Span<byte> code = _bytes.AsSpan(LeftPadding, Length);
        int i = 0;
        while (i < code.Length)
        {
            byte opcode = code[i];
            if (opcode == Op.Jumpdest)
            {
                _jumpTargets[i >> 3] |= (byte)(1 << (i & 7));
            }
            else if (opcode is >= Op.Push1 and <= Op.Push32)
            {
                i += opcode - Op.Push1 + 1;
            }
            else if (Op.IsMissing(opcode, rules))
            {
                code[i] = Op.Invalid;
            }

            i++;
        }
    }
}
