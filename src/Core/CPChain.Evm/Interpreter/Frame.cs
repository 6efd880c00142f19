using System.Runtime.CompilerServices;
using CPChain.Evm.Interpreter.Streams;
using CPChain.Types;

namespace CPChain.Evm.Interpreter;

/// <summary>What one running call owns. Made once for each depth and reused; all buffers are pinned.</summary>
internal sealed unsafe class Frame
{
    internal const int StackWordsMax = 1024;

    /// <summary>Limbs of the stack: 1024 words of four.</summary>
    internal const int StackLimbs = StackWordsMax * 4;

    /// <summary>Calls nested less deeply than this keep the larger memory.</summary>
    private const int ShallowDepth = 8;

    /// <summary>Memory above this size is given back when a shallow call ends.</summary>
    private const int KeptShallowBytesMax = 1 << 20;

    /// <summary>The same for a deep call: all 1024 of them together must stay small.</summary>
    private const int KeptDeepBytesMax = 1 << 14;

    /// <summary>More memory than any block could pay for: 2^31 bytes cost 8.8 * 10^12 gas.</summary>
    private const ulong MemoryBytesMax = 1UL << 31;

    private readonly ulong[] _stack = GC.AllocateUninitializedArray<ulong>(StackLimbs, pinned: true);
    private long _memoryPaid;
    private byte[] _memory = GC.AllocateArray<byte>(4096, pinned: true);

    internal Frame(EvmMachine machine, int depth)
    {
        Machine = machine;
        Depth = depth;
        StackBase = (ulong*)Unsafe.AsPointer(ref _stack[0]);
        Memory = (byte*)Unsafe.AsPointer(ref _memory[0]);
    }

    internal readonly EvmMachine Machine;
    internal readonly int Depth;
    internal readonly ulong* StackBase;
    internal readonly ByteBuffer ReturnData = new();

    // State of the interpreter while the frame is suspended.
    internal byte* Ip;
    internal ulong* Sp;
    internal long Gas;

    /// <summary>Where decoded code goes on; null while the plain engine runs the frame. SAFETY: lies in the stream of
    /// <see cref="Code"/>.</summary>
    internal Record* Record;

    /// <summary>With less gas than this the code has become hot.</summary>
    internal long HotAt;

    /// <summary>Gas at the start.</summary>
    internal long GasAtStart;

    /// <summary>Memory of the call. SAFETY: pinned by <see cref="_memory"/>; every byte beyond
    /// <see cref="MemoryBytes"/> is zero, so that growth only moves that number.</summary>
    internal byte* Memory;

    /// <summary>Active size, a multiple of 32.</summary>
    internal ulong MemoryBytes;

    internal CodeImage Code = null!;
    internal AccountCell Self = null!;
    internal Address Caller;
    internal UInt256 Value;
    internal bool IsStatic;
    internal bool IsCreate;

    /// <summary>Whether the frame below is prepared and must run before this one goes on.</summary>
    internal bool IsCalling;
    internal int Snapshot;

    /// <summary>Call data. SAFETY: lies in the memory of the calling frame, which is suspended, or is pinned by the
    /// machine for the outermost call.</summary>
    internal byte* Input;
    internal int InputLength;

    /// <summary>Where the caller wants the output.</summary>
    internal ulong ReturnOffset;
    internal ulong ReturnLength;

    /// <summary>Output in <see cref="Memory"/> after RETURN or REVERT.</summary>
    internal ulong OutputOffset;
    internal int OutputLength;
    internal EvmStatus Status;

    internal ReadOnlySpan<byte> InputSpan => new(Input, InputLength);

    internal ReadOnlySpan<byte> Output => new(Memory + OutputOffset, OutputLength);

    internal void Start(CodeImage code, long gas)
    {
        // A run that an exception of the state reader ended left both behind.
        IsCalling = false;
        if (MemoryBytes != 0) Release();
        Code = code;
        Ip = code.Start;
        Sp = StackBase;
        Gas = gas;
        GasAtStart = gas;
        Machine.ChooseEngine(this);
        OutputOffset = 0;
        OutputLength = 0;
        Status = EvmStatus.Success;
        ReturnData.Clear();
    }

    /// <summary>Makes the memory zero again for the next call at this depth.</summary>
    internal void Release()
    {
        if (_memory.Length > (Depth < ShallowDepth ? KeptShallowBytesMax : KeptDeepBytesMax))
        {
            _memory = GC.AllocateArray<byte>(4096, pinned: true);
            Memory = (byte*)Unsafe.AsPointer(ref _memory[0]);
        }
        else
        {
            _memory.AsSpan(0, (int)MemoryBytes).Clear();
        }

        MemoryBytes = 0;
        _memoryPaid = 0;
    }

    /// <summary>Pays for and makes available [offset, offset + length). False: out of gas.</summary>
    internal bool Expand(ulong offset, ulong length)
    {
        if (length == 0)
        {
            return true;
        }

        if (offset > MemoryBytesMax || length > MemoryBytesMax || offset + length > MemoryBytesMax)
        {
            return false;
        }

        ulong needed = (offset + length + 31) & ~31UL;
        if (needed <= MemoryBytes)
        {
            return true;
        }

        long paid = MemoryGas(needed >> 5);
        long cost = paid - _memoryPaid;
        if (Gas < cost)
        {
            return false;
        }

        Gas -= cost;
        _memoryPaid = paid;
        if (needed > (ulong)_memory.Length)
        {
            Grow((int)needed);
        }

        MemoryBytes = needed;
        return true;
    }

    /// <summary>The same for an offset and a length as stack words.</summary>
    internal bool Expand(ulong* offset, ulong* length) =>
        (length[0] | length[1] | length[2] | length[3]) == 0
        || ((offset[1] | offset[2] | offset[3] | length[1] | length[2] | length[3]) == 0 && Expand(offset[0], length[0]));

    /// <summary>Copies the start of the return data to where the caller wanted it.</summary>
    internal void CopyReturnData(ulong offset, ulong length)
    {
        int count = (int)Math.Min(length, (ulong)ReturnData.Length);
        if (count > 0) ReturnData.Written[..count].CopyTo(new Span<byte>(Memory + offset, count));
    }

    internal bool Charge(long gas)
    {
        Gas -= gas;
        return Gas >= 0;
    }

    private static long MemoryGas(ulong words) => (long)((3 * words) + (words * words / 512));

    private void Grow(int needed)
    {
        byte[] larger = GC.AllocateArray<byte>(Math.Max(needed, (int)Math.Min(2L * _memory.Length, int.MaxValue / 2)), pinned: true);
        _memory.AsSpan(0, (int)MemoryBytes).CopyTo(larger);
        _memory = larger;
        Memory = (byte*)Unsafe.AsPointer(ref _memory[0]);
    }
}
