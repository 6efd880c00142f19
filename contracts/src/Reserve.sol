// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEconomyPool} from "./EconomyPool.sol";
import {PullPayments} from "./PullPayments.sol";
import {ECONOMY_POOL, SYSTEM} from "./System.sol";

interface IReserve {
    function refill() external payable;

    function releaseSeason(uint256 season, uint256 amount) external returns (uint256 paid);
}

/// The part of the billion coins that rewards are paid from (ECO-12, ECO-20 to ECO-29). It makes no coins: when it is empty,
/// nothing is paid. Coins come by genesis, by `refill`, and as the reserve's part of fees, which the end-of-block step adds to
/// the balance without a call. They go out as block rewards and as pools of seasons, and in no other way.
contract Reserve is IReserve, PullPayments {
    uint256 public lastNumber;
    uint256 public seasonsReleased;

    event BlockReward(uint256 indexed number, address indexed proposer, uint256 paid);
    event SeasonReleased(uint256 indexed season, uint256 paid);
    event Refilled(address indexed from, uint256 amount);

    error OnlySystem();
    error OnlyEconomyPool();
    error BlockPaid(uint256 number);
    error SeasonPaid(uint256 season);

    /// The end-of-block step pays the proposer of an ordinary block the reward of its number, at most once a block. Code of a
    /// proposer gets too little gas to do anything; what it refuses it is owed.
    function payBlockReward(address payable proposer, uint256 amount) external returns (uint256 paid) {
        if (msg.sender != SYSTEM) revert OnlySystem();
        if (block.number <= lastNumber) revert BlockPaid(block.number);
        lastNumber = block.number;
        paid = atMost(amount);
        if (paid == 0) return 0;
        emit BlockReward(block.number, proposer, paid);
        (bool taken,) = proposer.call{value: paid, gas: 0}("");
        if (!taken) owe(proposer, paid);
    }

    /// Pays the pool of a season to the economy pool: each at most once, in their order.
    function releaseSeason(uint256 season, uint256 amount) external returns (uint256 paid) {
        if (msg.sender != ECONOMY_POOL) revert OnlyEconomyPool();
        if (season < seasonsReleased) revert SeasonPaid(season);
        seasonsReleased = season + 1;
        paid = atMost(amount);
        emit SeasonReleased(season, paid);
        if (paid != 0) IEconomyPool(msg.sender).fund{value: paid}();
    }

    function refill() external payable {
        emit Refilled(msg.sender, msg.value);
    }

    /// What is not owed to anybody yet.
    function available() public view returns (uint256) {
        return address(this).balance - totalOwed;
    }

    function atMost(uint256 amount) private view returns (uint256) {
        uint256 left = available();
        return amount < left ? amount : left;
    }
}
