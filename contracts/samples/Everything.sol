// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Every kind of type, name and declaration that an ABI can have; generated C# is tried against it.
contract Everything {
    enum Color { Red, Green, Blue }

    struct Point { int32 x; int64 y; }

    struct Shape {
        bytes4 tag;
        string label;
        Point[] point;
        Point[2] corners;
        Color color;
        address owner;
    }

    struct Order { uint256 order; bytes data; uint64[] event_; }

    uint256 public stored;
    mapping(address => mapping(bytes32 => uint16)) public grid;
    uint40 public immutable born;

    event Named(address indexed who, string indexed topic, bytes32 indexed id, Shape shape, int256 amount);
    event Sized(uint8 indexed a, int16 indexed b, bool indexed c, bytes7 d);
    event Listed(Point[] points, uint24[3] indexed triple);
    event Plain();
    event Plain(uint256 n);
    event Secret(uint256 indexed number, bytes data) anonymous;

    error Refused(address who, Shape shape);
    error Low(uint256 have, uint256 need);
    error Nothing();

    constructor(uint40 born_, Point memory start, bytes[] memory notes) payable {
        born = born_;
        stored = uint256(uint32(start.x)) + notes.length + msg.value;
    }

    function unsigned(uint8 a, uint16 b, uint24 c, uint32 d, uint40 e, uint64 f, uint72 g, uint128 h, uint256 i)
        external pure returns (uint8, uint16, uint24, uint32, uint40, uint64, uint72, uint128, uint256) {
        return (a, b, c, d, e, f, g, h, i);
    }

    function signed(int8 a, int16 b, int24 c, int32 d, int40 e, int64 f, int72 g, int128 h, int256 i)
        external pure returns (int8 a1, int16 b1, int24 c1, int32 d1, int40 e1, int64 f1, int72 g1, int128 h1, int256 i1) {
        return (a, b, c, d, e, f, g, h, i);
    }

    function raw(bytes1 a, bytes7 b, bytes32 c, bytes calldata d, string calldata e, bool f, address g, Color h)
        external pure returns (bytes1, bytes7, bytes32, bytes memory, string memory, bool, address, Color) {
        return (a, b, c, d, e, f, g, h);
    }

    function echo(Shape calldata shape) external pure returns (Shape memory) { return shape; }

    function orders(Order[] calldata list, uint8[] calldata small, string[][2] calldata words)
        external pure returns (Order[] memory, uint8[] memory, string[][2] memory) {
        return (list, small, words);
    }

    function callback(function(uint256) external returns (bool) f) external pure returns (bytes24) {
        return bytes24(abi.encodePacked(f.address, f.selector));
    }

    // Names that C# keeps for itself, names without text, names that meet ours.
    function lock(uint256 params, address class) external pure returns (uint256 object, address) { return (params, class); }

    function _private_name(uint256) external pure returns (uint256) { return 1; }

    function DOMAIN_SEPARATOR() external pure returns (bytes32) { return bytes32(uint256(7)); }

    function $dollar(uint256 $a, uint256 block_, uint256 cancel, uint256 output, uint256 sender, uint256 options)
        external pure returns (uint256) {
        return $a + block_ + cancel + output + sender + options;
    }

    // Overloads: told apart by C# types, or only by the names of the ABI's types.
    function pick(uint256 a) external pure returns (uint256) { return a; }

    function pick(uint256 a, string calldata b) external pure returns (uint256) { return a + bytes(b).length; }

    function pick(bytes calldata a) external pure returns (uint256) { return a.length; }

    function pick(bytes3 a) external pure returns (uint256) { return uint24(a); }

    function take(uint256 amount) external payable returns (uint256 total, bool paid) {
        stored = stored + amount;
        return (stored, msg.value > 0);
    }

    function fill(bytes32 key, uint16 value) external { grid[msg.sender][key] = value; }

    function tell(Shape calldata shape) external {
        emit Named(msg.sender, shape.label, bytes32(shape.tag), shape, -5);
        emit Sized(200, -300, true, "sized!!");
        emit Listed(shape.point, [uint24(1), 2, 3]);
        emit Plain();
        emit Plain(9);
        emit Secret(42, "hidden");
    }

    function refuse(uint256 kind, Shape calldata shape) external view {
        if (kind == 0) revert Refused(msg.sender, shape);
        if (kind == 1) revert Low(1, 2);
        if (kind == 2) revert Nothing();
        if (kind == 3) revert("in words");
        if (kind == 4) assert(stored > type(uint256).max - 1);
        if (kind == 5) revert();
    }

    function refuseLate(uint256 kind) external { stored = kind; if (kind > 0) revert Low(stored, kind); }

    receive() external payable { stored += msg.value; }
}
