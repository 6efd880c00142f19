namespace CPChain.Evm;

/// <summary>Watches an execution step by step. A machine without a tracer runs a loop compiled without these calls.</summary>
public interface IEvmTracer
{
    /// <summary>A call, a creation or a self-destruction begins, whether or not any code runs in it.</summary>
    void OnEnter(in EvmCall call);

    /// <summary>An opcode is about to run.</summary>
    void OnStep(in EvmStep step);

    /// <summary>Code left an event; it stays only if all that surrounds it succeeds.</summary>
    void OnLog(EvmLog log);

    /// <summary>What was entered last has ended.</summary>
    void OnLeave(in EvmExit exit);
}
