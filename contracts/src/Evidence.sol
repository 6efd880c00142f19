// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Id, parameter, termOfBlock} from "./Parameters.sol";
import {PullPayments} from "./PullPayments.sol";
import {IReserve} from "./Reserve.sol";
import {IRNodePool} from "./RNodePool.sol";
import {EVIDENCE_VERIFIER, RESERVE, RNODE_POOL} from "./System.sol";

interface IEvidence {
    function take() external payable;
}

/// Proven contradictions of one signer at one number (D16). Anybody may bring one, as long as its term and the next one last,
/// which is as long as deposits stay; it counts once. A precompile judges the proof: its input is the proof as given, its output
/// three words: signer, number, and which of the offences E1 to E5 of rule L22 it is.
contract Evidence is IEvidence, PullPayments {
    uint256 public constant OFFENCES = 5;

    /// E4, two seals of one number, is a proposer's; the others are validators', whom governance removes.
    uint256 public constant TWO_SEALS = 4;

    uint256 public constant MAX_PROOF_BYTES = 4_096;

    mapping(address account => uint256) public faultsOf;
    mapping(bytes32 fault => bool) private punished;

    event Proven(address indexed account, uint256 indexed number, uint256 offence, address indexed reporter, uint256 taken);

    error ProofTooLong(uint256 most);
    error VerifierMissing(address verifier);
    error ProofWrong();
    error NumberAhead(uint256 number);
    error TooOld(uint256 term);
    error PunishedAlready();
    error OnlyRNodePool();

    /// Records the fault. Two seals cost a part of the deposit: a part of that goes to the sender, the rest to the reserve.
    function report(bytes calldata proof) external returns (uint256 taken) {
        (address account, uint256 number, uint256 offence) = check(proof);
        if (number > block.number) revert NumberAhead(number);
        uint256 term = termOfBlock(number);
        if (term + 1 < termOfBlock(block.number)) revert TooOld(term);
        bytes32 fault = keccak256(abi.encode(account, number));
        if (punished[fault]) revert PunishedAlready();
        punished[fault] = true;
        faultsOf[account] += 1;
        if (offence == TWO_SEALS) {
            taken = IRNodePool(RNODE_POOL).depositOf(account) * parameter(Id.SLASH_PERMILLE) / 1_000;
        }
        emit Proven(account, number, offence, msg.sender, taken);
        if (taken == 0) return 0;
        IRNodePool(RNODE_POOL).slash(account, taken);
        uint256 reward = taken * parameter(Id.REPORTER_PERMILLE) / 1_000;
        owe(msg.sender, reward);
        IReserve(RESERVE).refill{value: taken - reward}();
    }

    /// What a slashed deposit loses comes here first.
    function take() external payable {
        if (msg.sender != RNODE_POOL) revert OnlyRNodePool();
    }

    /// Whom a proof blames, for what; reverts when it proves nothing.
    function check(bytes calldata proof) public view returns (address account, uint256 number, uint256 offence) {
        if (proof.length > MAX_PROOF_BYTES) revert ProofTooLong(MAX_PROOF_BYTES);
        (bool done, bytes memory answer) = EVIDENCE_VERIFIER.staticcall(proof);
        if (done && answer.length == 0) revert VerifierMissing(EVIDENCE_VERIFIER);
        if (!done || answer.length != 96) revert ProofWrong();
        uint256 who;
        (who, number, offence) = abi.decode(answer, (uint256, uint256, uint256));
        if (who == 0 || who > type(uint160).max || offence == 0 || offence > OFFENCES) revert ProofWrong();
        return (address(uint160(who)), number, offence);
    }
}
