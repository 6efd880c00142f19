// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Counts up, tells so, and refuses to count down.
contract Counter {
    uint256 public count;
    address public immutable creator;

    event Counted(address indexed by, uint256 amount, uint256 count, string note);

    error TooMuch(uint256 asked, uint256 most);

    constructor(uint256 start) {
        count = start;
        creator = msg.sender;
    }

    function add(uint256 amount, string calldata note) external payable returns (uint256) {
        if (amount > 100) revert TooMuch(amount, 100);
        count += amount;
        emit Counted(msg.sender, amount, count, note);
        return count;
    }

    function subtract(uint256) external pure {
        revert("only upwards");
    }
}
