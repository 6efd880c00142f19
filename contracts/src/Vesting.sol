// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// The team's share (GOV-02, GOV-03): grants that genesis writes, freed in equal yearly batches, the first a year after the
/// start. Nobody can change, speed up or revoke one.
contract Vesting {
    /// Set by genesis: start in Unix seconds, seconds from batch to batch, number of batches.
    struct Plan {
        uint64 start;
        uint64 step;
        uint64 batches;
    }

    struct Grant {
        uint128 total;
        uint128 taken;
    }

    Plan public plan;
    mapping(address beneficiary => Grant) public grants;

    event Released(address indexed beneficiary, address indexed to, uint256 amount);

    error NothingGranted();
    error NothingFreeYet(uint256 nextBatch);
    error PaymentRefused();

    /// Pays the sender what is free of its grant.
    function release(address payable to) external {
        Grant storage g = grants[msg.sender];
        if (g.total == 0) revert NothingGranted();
        uint256 amount = freeOf(msg.sender) - g.taken;
        if (amount == 0) revert NothingFreeYet(plan.start + (freeBatches() + 1) * plan.step);
        g.taken += uint128(amount);
        emit Released(msg.sender, to, amount);
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentRefused();
    }

    /// What has come free of a grant so far, taken or not.
    function freeOf(address beneficiary) public view returns (uint256) {
        return uint256(grants[beneficiary].total) * freeBatches() / plan.batches;
    }

    function freeBatches() public view returns (uint256 batches) {
        if (block.timestamp < plan.start) return 0;
        batches = (block.timestamp - plan.start) / plan.step;
        if (batches > plan.batches) batches = plan.batches;
    }
}
