// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// What the contract owes to whom. Nobody is ever paid by a push, so no receiver can block another's settlement.
abstract contract PullPayments {
    uint256 public totalOwed;
    mapping(address => uint256) public owed;

    event Owed(address indexed to, uint256 amount);
    event Withdrawn(address indexed from, address indexed to, uint256 amount);

    error NothingOwed();
    error PaymentRefused();

    function withdraw() external {
        withdrawTo(payable(msg.sender));
    }

    /// Pays what the sender is owed to an address of its choice: a contract that cannot receive loses nothing by it.
    function withdrawTo(address payable to) public {
        uint256 amount = owed[msg.sender];
        if (amount == 0) revert NothingOwed();
        owed[msg.sender] = 0;
        totalOwed -= amount;
        emit Withdrawn(msg.sender, to, amount);
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentRefused();
    }

    function owe(address to, uint256 amount) internal {
        if (amount == 0) return;
        owed[to] += amount;
        totalOwed += amount;
        emit Owed(to, amount);
    }
}
