namespace CPChain.Evm.Interpreter.Streams;

/// <summary>Joins neighbours that only move words, when a block is complete.</summary>
internal static class RecordPairs
{
    /// <summary>Joins the records from <paramref name="first"/> to the end, in place.</summary>
    internal static void Join(RecordList list, int first)
    {
        int to = first;
        int from = first;
        int count = list.Count;
        while (from < count)
        {
            if (from + 1 < count && TryJoin(list[from], list[from + 1], out Record joined))
            {
                list[to++] = joined;
                from += 2;
            }
            else
            {
                list[to++] = list[from++];
            }
        }

        list.RemoveLast(count - to);
    }

    private static bool TryJoin(in Record a, in Record b, out Record joined)
    {
        joined = default;
        switch (a.Op, b.Op)
        {
            case (StreamOp.PushSmall, StreamOp.PushSmall) when a.Imm <= int.MaxValue:
                joined = new Record { Op = StreamOp.PushPush, Arg = (int)a.Imm, Imm = b.Imm };
                return true;
            case (StreamOp.Dup, StreamOp.Dup):
                joined = new Record { Op = StreamOp.DupDup, Arg = a.Arg, At = (ushort)b.Arg };
                return true;
            case (StreamOp.PushSmall, StreamOp.Dup):
                joined = new Record { Op = StreamOp.PushDup, Arg = b.Arg, Imm = a.Imm };
                return true;
            case (StreamOp.Dup, StreamOp.PushSmall):
                joined = new Record { Op = StreamOp.DupPush, Arg = a.Arg, Imm = b.Imm };
                return true;
            case (StreamOp.Swap, StreamOp.Swap):
                joined = new Record { Op = StreamOp.SwapSwap, Arg = a.Arg, At = (ushort)b.Arg };
                return true;
            default:
                return false;
        }
    }
}
