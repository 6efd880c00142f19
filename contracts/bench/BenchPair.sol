// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BenchToken} from "./BenchToken.sol";

/// A market of two tokens whose product of reserves never falls, for `cpchain evm bench`. It swaps towards balance, so
/// that the same call can be repeated for ever.
contract BenchPair {
    BenchToken public token0;
    BenchToken public token1;
    uint256 public reserve0;
    uint256 public reserve1;

    event Swap(address indexed sender, bool zeroForOne, uint256 amountIn, uint256 amountOut);
    event Sync(uint256 reserve0, uint256 reserve1);

    function swap(uint256 amountIn) external returns (uint256 amountOut) {
        (uint256 before0, uint256 before1) = (reserve0, reserve1);
        bool zeroForOne = before0 <= before1;
        (uint256 reserveIn, uint256 reserveOut) = zeroForOne ? (before0, before1) : (before1, before0);
        uint256 paid = amountIn * 997;
        amountOut = (paid * reserveOut) / (reserveIn * 1000 + paid);
        require(amountOut > 0 && amountOut < reserveOut, "amount");
        (BenchToken tokenIn, BenchToken tokenOut) = zeroForOne ? (token0, token1) : (token1, token0);
        require(tokenIn.transferFrom(msg.sender, address(this), amountIn), "in");
        require(tokenOut.transfer(msg.sender, amountOut), "out");
        uint256 after0 = token0.balanceOf(address(this));
        uint256 after1 = token1.balanceOf(address(this));
        require(after0 * after1 >= before0 * before1, "product");
        (reserve0, reserve1) = (after0, after1);
        emit Sync(after0, after1);
        emit Swap(msg.sender, zeroForOne, amountIn, amountOut);
    }
}
