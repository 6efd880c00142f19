// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Anchors of encrypted data: one record of constant size per upload interval of u blocks (DAT-05, DAT-12),
/// owned by whoever registered the stream (DAT-19). No data ever comes here, only hashes (ARC-02).
/// No owner, no administrator, no coins.
contract DataRegistry {
    struct Stream {
        address owner;
        uint64 nextSeq;
        uint32 records;
        bytes32 profileHash;
    }

    /// `totalBytes` counts ciphertext from the stream's first record up to and with this one.
    struct Record {
        uint64 firstSeq;
        uint32 count;
        uint64 totalBytes;
        uint48 blockNumber;
        uint48 time;
    }

    struct Note {
        bytes32 operation;
        bytes32 subject;
        bytes32 digest;
    }

    mapping(bytes32 streamId => Stream) private streams;
    mapping(bytes32 streamId => mapping(bytes32 manifestHash => Record)) private records;
    mapping(bytes32 streamId => mapping(uint32 index => bytes32 manifestHash)) private manifests;

    event StreamRegistered(bytes32 indexed streamId, address indexed owner, bytes32 profileHash);
    event Anchored(
        bytes32 indexed streamId,
        address indexed owner,
        uint64 firstSeq,
        uint32 count,
        bytes32 indexed manifestHash,
        uint64 cipherBytes
    );
    event Recorded(address indexed actor, bytes32 indexed operation, bytes32 indexed subject, bytes32 digest);

    error StreamTaken(bytes32 streamId);
    error NotStreamOwner(bytes32 streamId);
    error WrongSequence(uint64 expected, uint64 given);
    error ManifestTaken(bytes32 manifestHash);
    error EmptyRecord();
    error NoSuchRecord();

    /// The first registrant owns the stream. `streamId` should be `streamIdOf(owner, label)`: nobody else can want it.
    function register(bytes32 streamId, bytes32 profileHash) external {
        Stream storage s = streams[streamId];
        if (s.owner != address(0)) revert StreamTaken(streamId);
        s.owner = msg.sender;
        s.profileHash = profileHash;
        emit StreamRegistered(streamId, msg.sender, profileHash);
    }

    /// Records `count` blocks from `firstSeq` on. Sequence numbers have no gap and no repetition (DAT-08). A manifest is
    /// recorded once in a stream (DAT-19); what another's stream says of the same hash stands in nobody's way.
    function anchor(bytes32 streamId, uint64 firstSeq, uint32 count, bytes32 manifestHash, uint64 cipherBytes)
        external
    {
        Stream storage s = streams[streamId];
        if (s.owner != msg.sender) revert NotStreamOwner(streamId);
        if (count == 0 || cipherBytes == 0 || manifestHash == 0) revert EmptyRecord();
        if (firstSeq != s.nextSeq) revert WrongSequence(s.nextSeq, firstSeq);
        if (records[streamId][manifestHash].count != 0) revert ManifestTaken(manifestHash);

        uint32 index = s.records;
        uint64 before = index == 0 ? 0 : recordIn(streamId, index - 1).totalBytes;
        records[streamId][manifestHash] =
            Record(firstSeq, count, before + cipherBytes, uint48(block.number), uint48(block.timestamp));
        manifests[streamId][index] = manifestHash;
        s.nextSeq = firstSeq + count;
        s.records = index + 1;
        emit Anchored(streamId, msg.sender, firstSeq, count, manifestHash, cipherBytes);
    }

    /// A control-layer record of one data operation (ARC-01): who did what to which subject, and a digest of the rest.
    function note(bytes32 operation, bytes32 subject, bytes32 digest) external {
        emit Recorded(msg.sender, operation, subject, digest);
    }

    /// Several control-layer records of one actor in one transaction.
    function noteAll(Note[] calldata notes) external {
        for (uint256 i = 0; i < notes.length; i++) {
            emit Recorded(msg.sender, notes[i].operation, notes[i].subject, notes[i].digest);
        }
    }

    function streamIdOf(address owner, bytes32 label) external pure returns (bytes32) {
        return keccak256(abi.encode(owner, label));
    }

    function streamOf(bytes32 streamId) external view returns (Stream memory) {
        return streams[streamId];
    }

    function ownerOf(bytes32 streamId) external view returns (address) {
        return streams[streamId].owner;
    }

    function recordOf(bytes32 streamId, bytes32 manifestHash) external view returns (Record memory) {
        return records[streamId][manifestHash];
    }

    function recordAt(bytes32 streamId, uint32 index) external view returns (bytes32 manifestHash, Record memory) {
        manifestHash = manifests[streamId][index];
        return (manifestHash, records[streamId][manifestHash]);
    }

    /// Index of the record that covers a block; reverts when it is not anchored.
    function indexOf(bytes32 streamId, uint64 seq) public view returns (uint32) {
        Stream storage s = streams[streamId];
        if (seq >= s.nextSeq) revert NoSuchRecord();
        uint32 low = 0;
        uint32 high = s.records - 1;
        while (low < high) {
            uint32 middle = low + (high - low + 1) / 2;
            if (recordIn(streamId, middle).firstSeq <= seq) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    /// Ciphertext bytes of the records that cover the blocks `firstSeq` to `lastSeq`; reverts when any is not anchored.
    function coveredBytes(bytes32 streamId, uint64 firstSeq, uint64 lastSeq) external view returns (uint64) {
        if (firstSeq > lastSeq) revert NoSuchRecord();
        uint32 first = indexOf(streamId, firstSeq);
        uint64 upTo = recordIn(streamId, indexOf(streamId, lastSeq)).totalBytes;
        return first == 0 ? upTo : upTo - recordIn(streamId, first - 1).totalBytes;
    }

    function recordIn(bytes32 streamId, uint32 index) private view returns (Record storage) {
        return records[streamId][manifests[streamId][index]];
    }
}
