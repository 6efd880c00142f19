// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// What the market asks of the data registry.
interface IDataRegistry {
    function ownerOf(bytes32 streamId) external view returns (address);

    function coveredBytes(bytes32 streamId, uint64 firstSeq, uint64 lastSeq) external view returns (uint64);
}
