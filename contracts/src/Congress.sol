// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {PullPayments} from "./PullPayments.sol";

interface ICongress {
    function count() external view returns (uint256);

    function joinedAt(address account) external view returns (uint256);
}

/// Who votes on proposals: a deposit of 200,000 CPC that stays 90 days. Nobody else can give one back or keep one.
contract Congress is ICongress, PullPayments {
    struct Member {
        uint128 deposit;
        uint64 joinedAt;
    }

    uint256 public constant MIN_DEPOSIT = 200_000 ether;
    uint256 public constant STAY = 90 days;

    uint256 public count;
    uint256 public totalDeposits;
    mapping(address account => Member) private members;

    event Joined(address indexed account, uint256 deposit);
    event Quit(address indexed account, uint256 deposit);

    error AlreadyJoined();
    error DepositTooSmall(uint256 least);
    error NotJoined();
    error StayNotOver(uint256 until);

    function join() external payable {
        if (members[msg.sender].deposit != 0) revert AlreadyJoined();
        if (msg.value < MIN_DEPOSIT) revert DepositTooSmall(MIN_DEPOSIT);
        members[msg.sender] = Member(uint128(msg.value), uint64(block.timestamp));
        count += 1;
        totalDeposits += msg.value;
        emit Joined(msg.sender, msg.value);
    }

    /// Owes the sender its deposit.
    function quit() external {
        Member memory m = members[msg.sender];
        if (m.deposit == 0) revert NotJoined();
        if (block.timestamp < m.joinedAt + STAY) revert StayNotOver(m.joinedAt + STAY);
        delete members[msg.sender];
        count -= 1;
        totalDeposits -= m.deposit;
        emit Quit(msg.sender, m.deposit);
        owe(msg.sender, m.deposit);
    }

    /// When an account became a member, Unix seconds; zero when it is none.
    function joinedAt(address account) external view returns (uint256) {
        return members[account].joinedAt;
    }

    function depositOf(address account) external view returns (uint256) {
        return members[account].deposit;
    }
}
