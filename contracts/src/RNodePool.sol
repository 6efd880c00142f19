// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDpor} from "./Dpor.sol";
import {IEvidence} from "./Evidence.sol";
import {Id, parameter} from "./Parameters.sol";
import {PullPayments} from "./PullPayments.sol";
import {DPOR, EVIDENCE, VALIDATOR_SET} from "./System.sol";
import {IValidatorSet} from "./ValidatorSet.sol";

interface IRNodePool {
    function isRNode(address account) external view returns (bool);

    function depositOf(address account) external view returns (uint256);

    function slash(address account, uint256 amount) external;
}

/// The words that elections read: the mapping lies in slot 0.
abstract contract RNodeMembers {
    /// `index` is the position in the list plus one; zero for who is no RNode (any more).
    struct Member {
        uint128 deposit;
        uint64 joinedAt;
        uint32 version;
        uint32 index;
    }

    mapping(address account => Member) internal members;
}

/// Deposits of RNodes (ECO-04, ECO-08, ECO-10, ECO-11): 200,000 CPC or more, for 100 minutes, and through the last elected
/// term and one more. Nobody but its owner gets a deposit back; only proven misconduct takes from one.
contract RNodePool is IRNodePool, RNodeMembers, PullPayments {
    uint256 public constant MAX_PAGE = 100;

    uint256 public totalDeposits;
    address[] private list;

    event Joined(address indexed account, uint256 deposit, uint32 version);
    event Quit(address indexed account, uint256 deposit);
    event Slashed(address indexed account, uint256 amount, uint256 left);

    error JoiningClosed();
    error VersionTooOld(uint256 supported);
    error AlreadyJoined();
    error DepositTooSmall(uint256 least);
    error ValidatorCannotJoin();
    error NotJoined();
    error StayNotOver(uint256 until);
    error ElectedAhead(uint256 lastTerm);
    error AtRiskForEvidence(uint256 throughTerm);
    error OnlyEvidence();

    function join(uint32 version) external payable {
        if (parameter(Id.JOINING_OPEN) == 0) revert JoiningClosed();
        uint256 supported = parameter(Id.RNODE_VERSION);
        if (version < supported) revert VersionTooOld(supported);
        if (members[msg.sender].deposit != 0) revert AlreadyJoined();
        uint256 least = parameter(Id.JOINING_DEPOSIT);
        if (msg.value < least) revert DepositTooSmall(least);
        if (IValidatorSet(VALIDATOR_SET).isNamed(msg.sender)) revert ValidatorCannotJoin();
        list.push(msg.sender);
        members[msg.sender] = Member(uint128(msg.value), uint64(block.timestamp), version, uint32(list.length));
        totalDeposits += msg.value;
        emit Joined(msg.sender, msg.value, version);
    }

    /// Owes the sender its deposit.
    function quit() external {
        Member memory m = members[msg.sender];
        if (m.deposit == 0) revert NotJoined();
        uint256 until = m.joinedAt + parameter(Id.RNODE_STAY);
        if (block.timestamp < until) revert StayNotOver(until);
        (bool ever, uint64 last) = IDpor(DPOR).lastElectedTerm(msg.sender);
        if (ever) {
            uint256 term = IDpor(DPOR).currentTerm();
            if (term <= last) revert ElectedAhead(last);
            if (term == last + 1) revert AtRiskForEvidence(term);
        }
        remove(m.index);
        delete members[msg.sender];
        totalDeposits -= m.deposit;
        emit Quit(msg.sender, m.deposit);
        owe(msg.sender, m.deposit);
    }

    /// Takes from a deposit for proven misconduct. Who falls below the least deposit is no RNode any more; what is left comes
    /// free as any deposit does.
    function slash(address account, uint256 amount) external {
        if (msg.sender != EVIDENCE) revert OnlyEvidence();
        Member storage m = members[account];
        m.deposit -= uint128(amount);
        totalDeposits -= amount;
        if (m.deposit < parameter(Id.RNODE_DEPOSIT)) {
            remove(m.index);
            m.index = 0;
        }
        emit Slashed(account, amount, m.deposit);
        IEvidence(EVIDENCE).take{value: amount}();
    }

    function isRNode(address account) external view returns (bool) {
        return members[account].index != 0;
    }

    function depositOf(address account) external view returns (uint256) {
        return members[account].deposit;
    }

    function memberOf(address account) external view returns (Member memory) {
        return members[account];
    }

    function count() external view returns (uint256) {
        return list.length;
    }

    /// RNodes from an index on, at most MAX_PAGE of them. Who goes is replaced by the last of the list.
    function page(uint256 from, uint256 most) external view returns (address[] memory accounts) {
        uint256 left = from < list.length ? list.length - from : 0;
        if (most > MAX_PAGE) most = MAX_PAGE;
        accounts = new address[](left < most ? left : most);
        for (uint256 i = 0; i < accounts.length; i++) accounts[i] = list[from + i];
    }

    /// The rule of conservation: `balance` is never less than `deposits + owedSum`.
    function sums() external view returns (uint256 balance, uint256 deposits, uint256 owedSum) {
        return (address(this).balance, totalDeposits, totalOwed);
    }

    function remove(uint32 index) private {
        if (index == 0) return;
        address last = list[list.length - 1];
        list[index - 1] = last;
        members[last].index = index;
        list.pop();
    }
}
