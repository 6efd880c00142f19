// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Id, parameter} from "./Parameters.sol";
import {CPU_VERIFIER, MEMORY_VERIFIER} from "./System.sol";

/// Why a proof is refused; a caller of `verify` has them too, so that its users read the reason in words.
interface AdmissionErrors {
    error ProofTooOld(uint256 blockNumber, uint256 oldest);
    error ProofOfBlockAhead(uint256 blockNumber);
    error VerifierMissing(address verifier);
    error CpuProofWrong();
    error MemoryProofWrong();
}

interface IAdmission is AdmissionErrors {
    function verify(address account, uint64 cpuNonce, uint64 cpuBlock, uint64 memNonce, uint64 memBlock) external view;
}

/// Admission control (ECO-05, ECO-32): proofs that a machine has a processor and memory, bound to an account and to the hash of a
/// recent block. Two precompiles check the work; input: account, nonce, block hash, difficulty in bits, a word each; output: one
/// word, 1 for a good proof.
contract Admission is IAdmission {
    /// Reverts with the reason when a proof is not good.
    function verify(address account, uint64 cpuNonce, uint64 cpuBlock, uint64 memNonce, uint64 memBlock) external view {
        if (!verifyCpu(account, cpuNonce, cpuBlock)) revert CpuProofWrong();
        if (!verifyMemory(account, memNonce, memBlock)) revert MemoryProofWrong();
    }

    function verifyCpu(address account, uint64 nonce, uint64 blockNumber) public view returns (bool) {
        return isGood(CPU_VERIFIER, account, nonce, blockNumber, parameter(Id.CPU_DIFFICULTY));
    }

    function verifyMemory(address account, uint64 nonce, uint64 blockNumber) public view returns (bool) {
        return isGood(MEMORY_VERIFIER, account, nonce, blockNumber, parameter(Id.MEMORY_DIFFICULTY));
    }

    /// In bits: a proof takes two to this power of tries.
    function difficulties() external view returns (uint256 cpu, uint256 mem) {
        return (parameter(Id.CPU_DIFFICULTY), parameter(Id.MEMORY_DIFFICULTY));
    }

    function isGood(address verifier, address account, uint64 nonce, uint64 blockNumber, uint256 difficulty)
        private
        view
        returns (bool)
    {
        if (blockNumber >= block.number) revert ProofOfBlockAhead(blockNumber);
        uint256 age = parameter(Id.PROOF_AGE);
        uint256 oldest = block.number > age ? block.number - age : 0;
        if (blockNumber < oldest) revert ProofTooOld(blockNumber, oldest);
        (bool done, bytes memory answer) =
            verifier.staticcall(abi.encode(account, nonce, blockhash(blockNumber), difficulty));
        if (done && answer.length == 0) revert VerifierMissing(verifier);
        return done && answer.length == 32 && abi.decode(answer, (uint256)) == 1;
    }
}
