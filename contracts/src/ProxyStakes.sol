// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {PullPayments} from "./PullPayments.sol";

/// The proxies of the distributed proxy network: who they are, the key they re-encrypt under, and what they have staked.
/// A stake is never reduced without a proof of fault. This version knows no such proof, so no path takes from a stake.
abstract contract ProxyStakes is PullPayments {
    struct Proxy {
        uint128 stake;
        uint32 openOrders;
        bool active;
        uint8 keyPrefix;
        bytes32 keyX;
    }

    uint128 public constant MIN_STAKE = 10 ether;
    uint256 public constant MAX_ENDPOINT_BYTES = 128;

    uint256 public totalStakes;
    mapping(address => Proxy) private proxies;

    event ProxyRegistered(address indexed proxy, bytes preKey, uint128 stake, string endpoint);
    event ProxyLeft(address indexed proxy);
    event StakeReleased(address indexed proxy, uint128 stake);

    error StakeTooSmall();
    error AlreadyRegistered();
    error NotActive(address proxy);
    error OrdersOpen(uint32 count);
    error BadKey();
    error BadEndpoint();

    /// Registers the sender with the coins sent as stake, its compressed public key for re-encryption and where it listens.
    function registerProxy(bytes calldata preKey, string calldata endpoint) external payable {
        if (proxies[msg.sender].stake != 0) revert AlreadyRegistered();
        if (msg.value < MIN_STAKE || msg.value > type(uint128).max) revert StakeTooSmall();
        if (bytes(endpoint).length > MAX_ENDPOINT_BYTES) revert BadEndpoint();
        (uint8 prefix, bytes32 x) = splitKey(preKey);
        proxies[msg.sender] = Proxy(uint128(msg.value), 0, true, prefix, x);
        totalStakes += msg.value;
        emit ProxyRegistered(msg.sender, preKey, uint128(msg.value), endpoint);
    }

    /// From now on no new order may name the sender; orders that are open run to their end.
    function leaveProxy() external {
        if (!proxies[msg.sender].active) revert NotActive(msg.sender);
        proxies[msg.sender].active = false;
        emit ProxyLeft(msg.sender);
    }

    /// Owes the sender its whole stake once it has left and its last order has ended. Every order ends by a deadline.
    function releaseStake() external {
        Proxy memory p = proxies[msg.sender];
        if (p.active || p.stake == 0) revert NotActive(msg.sender);
        if (p.openOrders != 0) revert OrdersOpen(p.openOrders);
        delete proxies[msg.sender];
        totalStakes -= p.stake;
        owe(msg.sender, p.stake);
        emit StakeReleased(msg.sender, p.stake);
    }

    function proxyOf(address proxy)
        external
        view
        returns (uint128 stake, bool active, uint32 openOrders, bytes memory preKey)
    {
        Proxy memory p = proxies[proxy];
        preKey = p.stake == 0 ? bytes("") : abi.encodePacked(p.keyPrefix, p.keyX);
        return (p.stake, p.active, p.openOrders, preKey);
    }

    function isActive(address proxy) internal view returns (bool) {
        return proxies[proxy].active;
    }

    function openOrder(address[] storage named) internal {
        for (uint256 i = 0; i < named.length; i++) {
            Proxy storage p = proxies[named[i]];
            if (!p.active) revert NotActive(named[i]);
            p.openOrders += 1;
        }
    }

    function closeOrder(address[] storage named) internal {
        for (uint256 i = 0; i < named.length; i++) proxies[named[i]].openOrders -= 1;
    }

    /// A compressed secp256k1 point: prefix 2 or 3 and the x coordinate. That x lies on the curve is the readers' check.
    function splitKey(bytes calldata key) internal pure returns (uint8 prefix, bytes32 x) {
        if (key.length != 33) revert BadKey();
        prefix = uint8(key[0]);
        x = bytes32(key[1:33]);
        if ((prefix != 2 && prefix != 3) || x == 0) revert BadKey();
    }
}
