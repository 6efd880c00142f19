// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICampaign} from "./Campaign.sol";
import {termOfBlock} from "./Parameters.sol";
import {IRNodePool} from "./RNodePool.sol";
import {CAMPAIGN, GOVERNANCE, RNODE_POOL} from "./System.sol";

interface IValidatorSet {
    /// Whether an account is a validator now or will be one.
    function isNamed(address account) external view returns (bool);
}

/// Who validates (DPR-21, DPR-23): 3f+1 members, 4 to 64. Governance names the set of a later term, so far ahead that what is
/// final settles it before it decides what becomes final. Genesis writes the first set.
contract ValidatorSet is IValidatorSet {
    enum Nominator { None, Foundation, Government, Enterprise }

    uint256 public constant MIN_MEMBERS = 4;
    uint256 public constant MAX_MEMBERS = 64;

    /// Terms from the one in which a change is made to the first that it may hold for.
    uint256 public constant LEAD = 3;

    address[] private current;
    address[] private next;

    /// The first term of `next`; zero when no change was ever made.
    uint64 public nextTerm;

    /// The first term of `current`; zero when it is the set of genesis.
    uint64 public currentTerm;

    mapping(address account => Nominator) public nominatorOf;

    /// Every set that was ever named, by the hash that headers carry: who signed an old block is known as long as there is a chain.
    mapping(bytes32 setHash => address[]) private setsByHash;

    event SetScheduled(uint64 indexed fromTerm, address[] members, Nominator[] nominators, bytes32 setHash);

    error OnlyGovernance();
    error WrongSize(uint256 count);
    error NominatorMissing(uint256 index);
    error TermTooNear(uint256 earliest);
    error ChangePending(uint64 nextTerm);
    error MemberTwice(address account);
    error NoAccount(uint256 index);
    error RNodeCannotValidate(address account);
    error DefaultProposerCannotValidate(address account);

    /// Names the set from a term on.
    function schedule(uint64 fromTerm, address[] calldata members, Nominator[] calldata nominators) external {
        if (msg.sender != GOVERNANCE) revert OnlyGovernance();
        uint256 count = members.length;
        if (count < MIN_MEMBERS || count > MAX_MEMBERS || count % 3 != 1) revert WrongSize(count);
        uint256 term = termOfBlock(block.number);
        if (fromTerm < term + LEAD) revert TermTooNear(term + LEAD);
        if (nextTerm > term) revert ChangePending(nextTerm);
        if (nextTerm != 0) {
            current = next;
            currentTerm = nextTerm;
        }
        next = members;
        nextTerm = fromTerm;
        bytes32 setHash = hashOf(members);
        setsByHash[setHash] = members;
        for (uint256 i = 0; i < count; i++) {
            if (members[i] == address(0)) revert NoAccount(i);
            if (i >= nominators.length || nominators[i] == Nominator.None) revert NominatorMissing(i);
            for (uint256 j = 0; j < i; j++) if (members[j] == members[i]) revert MemberTwice(members[i]);
            if (IRNodePool(RNODE_POOL).isRNode(members[i])) revert RNodeCannotValidate(members[i]);
            if (ICampaign(CAMPAIGN).isDefaultProposer(members[i])) revert DefaultProposerCannotValidate(members[i]);
            nominatorOf[members[i]] = nominators[i];
        }
        emit SetScheduled(fromTerm, members, nominators, setHash);
    }

    /// The set of a term, in order, as far as it is known now: the present one, and the one after the change if there is one.
    function setOf(uint64 term) public view returns (address[] memory) {
        return nextTerm != 0 && nextTerm <= term ? next : current;
    }

    /// The hash that headers carry: keccak256("CPC-VALIDATORS/1" || count, 4 bytes || addresses in order).
    function setHashOf(uint64 term) external view returns (bytes32) {
        return hashOf(setOf(term));
    }

    /// The set behind the hash of a header, in order; empty for a hash of no set.
    function setByHash(bytes32 setHash) external view returns (address[] memory) {
        return setsByHash[setHash];
    }

    function isNamed(address account) external view returns (bool) {
        uint256 term = termOfBlock(block.number);
        bool isNextOnly = nextTerm != 0 && nextTerm <= term;
        return isIn(next, account) || (!isNextOnly && isIn(current, account));
    }

    function isIn(address[] storage members, address account) private view returns (bool) {
        for (uint256 i = 0; i < members.length; i++) if (members[i] == account) return true;
        return false;
    }

    function hashOf(address[] memory members) private pure returns (bytes32) {
        bytes memory text = abi.encodePacked("CPC-VALIDATORS/1", uint32(members.length));
        for (uint256 i = 0; i < members.length; i++) text = bytes.concat(text, bytes20(members[i]));
        return keccak256(text);
    }
}
