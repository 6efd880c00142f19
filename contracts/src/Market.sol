// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDataRegistry} from "./IDataRegistry.sol";
import {ProxyStakes} from "./ProxyStakes.sol";

/// Sale of anchored, encrypted data: listing, order with escrow, grant, delivery by proxies, settlement.
/// Every state has a deadline after which anybody may call `expire`; no owner, no administrator, no judge.
/// Coins come in only by `order` and `registerProxy` and go out only by `withdraw`.
contract Market is ProxyStakes {
    enum State { None, Locked, Granted, Delivered, Settled, Cancelled, Refunded }

    struct Terms {
        bytes32 streamId;
        uint64 firstSeq;
        uint64 lastSeq;
        uint64 firstInterval;
        uint64 lastInterval;
        bytes32 termsHash;
        bytes32 verifierHash;
        uint128 price;
        uint128 proxyFee;
        uint8 threshold;
        uint32 grantWithin;
        uint32 deliverWithin;
        uint32 acceptWithin;
    }

    /// A listing never changes; it can only be closed. What a buyer agreed to cannot be altered under him.
    struct Listing {
        address seller;
        bool open;
        uint64 cipherBytes;
        Terms terms;
        address[] proxies;
    }

    struct Order {
        address buyer;
        State state;
        uint8 deliveries;
        uint16 deliveredMask;
        uint48 deadline;
        uint8 keyPrefix;
        uint64 listingId;
        uint128 escrow;
        bytes32 keyX;
        bytes32 grantHash;
    }

    IDataRegistry public constant REGISTRY = IDataRegistry(0x00000000000000000000000000000000000C0d01);
    uint256 public constant MAX_PROXIES = 16;
    uint32 public constant MAX_WITHIN = 30 days;

    /// So long at least a buyer has for a look at what was delivered before anybody may settle the order.
    uint32 public constant MIN_ACCEPT_WITHIN = 60 seconds;

    uint64 public listingCount;
    uint64 public orderCount;
    uint256 public totalEscrow;
    mapping(uint64 => Listing) private listings;
    mapping(uint64 => Order) private orders;
    mapping(uint64 orderId => mapping(address proxy => uint64)) private served;

    event Listed(uint64 indexed listingId, address indexed seller, bytes32 indexed streamId, bytes32 termsHash);
    event ListingClosed(uint64 indexed listingId);
    event Ordered(
        uint64 indexed orderId, uint64 indexed listingId, address indexed buyer, bytes32 termsHash, bytes buyerKey
    );
    event Granted(uint64 indexed orderId, bytes32 grantHash);
    event ProxyDelivered(uint64 indexed orderId, address indexed proxy, bytes32 receiptHash, uint64 servedBytes);
    event ThresholdReached(uint64 indexed orderId);
    event Ended(uint64 indexed orderId, State state, bytes32 reason);
    event Settled(
        uint64 indexed orderId, address indexed seller, address indexed buyer, uint128 price, uint64 servedBytes, uint64 units
    );
    event ProxyRewarded(
        uint64 indexed orderId, address indexed proxy, address indexed owner, uint128 fee, uint64 servedBytes, uint64 units
    );

    error BadTerms();
    error BadProxies();
    error NotOwner();
    error Closed();
    error TermsDiffer();
    error WrongPayment(uint256 expected);
    error WrongState(State state);
    error NotYours();
    error TooLate();
    error TooEarly(uint48 deadline);
    error DeliveredAlready();

    /// Offers the blocks `firstSeq` to `lastSeq` of a stream that the sender owns and has anchored.
    function list(Terms calldata t, address[] calldata named) external returns (uint64 listingId) {
        if (t.price == 0 || t.termsHash == 0 || t.firstInterval > t.lastInterval) revert BadTerms();
        if (!within(t.grantWithin) || !within(t.deliverWithin) || !within(t.acceptWithin)) revert BadTerms();
        if (t.acceptWithin < MIN_ACCEPT_WITHIN) revert BadTerms();
        if (t.threshold == 0 || named.length < t.threshold || named.length > MAX_PROXIES) revert BadProxies();
        if (uint256(t.price) + uint256(t.proxyFee) * named.length > type(uint128).max) revert BadTerms();
        for (uint256 i = 0; i < named.length; i++) {
            if (!isActive(named[i]) || named[i] == msg.sender) revert BadProxies();
            for (uint256 j = 0; j < i; j++) if (named[i] == named[j]) revert BadProxies();
        }
        if (REGISTRY.ownerOf(t.streamId) != msg.sender) revert NotOwner();
        uint64 cipherBytes = REGISTRY.coveredBytes(t.streamId, t.firstSeq, t.lastSeq);

        listingId = ++listingCount;
        listings[listingId] = Listing(msg.sender, true, cipherBytes, t, named);
        emit Listed(listingId, msg.sender, t.streamId, t.termsHash);
    }

    function closeListing(uint64 listingId) external {
        Listing storage l = listings[listingId];
        if (l.seller != msg.sender) revert NotYours();
        if (!l.open) revert Closed();
        l.open = false;
        emit ListingClosed(listingId);
    }

    /// Locks price and fees. `termsHash` repeats what the buyer read; `buyerKey` is the key the grant must be made for.
    function order(uint64 listingId, bytes32 termsHash, bytes calldata buyerKey)
        external
        payable
        returns (uint64 orderId)
    {
        Listing storage l = listings[listingId];
        if (!l.open) revert Closed();
        if (l.terms.termsHash != termsHash) revert TermsDiffer();
        uint256 total = uint256(l.terms.price) + uint256(l.terms.proxyFee) * l.proxies.length;
        if (msg.value != total) revert WrongPayment(total);
        if (msg.sender == l.seller || indexOfProxy(l, msg.sender) != l.proxies.length) revert NotYours();

        orderId = ++orderCount;
        Order storage o = orders[orderId];
        (o.keyPrefix, o.keyX) = splitKey(buyerKey);
        o.buyer = msg.sender;
        o.state = State.Locked;
        o.deadline = uint48(block.timestamp + l.terms.grantWithin);
        o.listingId = listingId;
        o.escrow = uint128(total);
        totalEscrow += total;
        openOrder(l.proxies);
        emit Ordered(orderId, listingId, msg.sender, termsHash, buyerKey);
    }

    /// The seller commits to the grant that he has handed to the proxies and the buyer.
    function grant(uint64 orderId, bytes32 grantHash) external {
        (Order storage o, Listing storage l) = inTime(orderId, State.Locked);
        if (msg.sender != l.seller) revert NotYours();
        if (grantHash == 0) revert BadTerms();
        o.grantHash = grantHash;
        o.state = State.Granted;
        o.deadline = uint48(block.timestamp + l.terms.deliverWithin);
        emit Granted(orderId, grantHash);
    }

    /// A proxy puts its receipt on record. It should serve the buyer only after this is final, so that work and fee go
    /// together; served bytes count up to what is anchored.
    function deliver(uint64 orderId, bytes32 receiptHash, uint64 servedBytes) external {
        Order storage o = orders[orderId];
        if (o.state != State.Granted && o.state != State.Delivered) revert WrongState(o.state);
        if (block.timestamp > o.deadline) revert TooLate();
        Listing storage l = listings[o.listingId];
        uint256 index = indexOfProxy(l, msg.sender);
        if (index == l.proxies.length) revert NotYours();
        uint16 bit = uint16(1 << index);
        if (o.deliveredMask & bit != 0) revert DeliveredAlready();
        if (receiptHash == 0) revert BadTerms();

        uint64 counted = servedBytes < l.cipherBytes ? servedBytes : l.cipherBytes;
        o.deliveredMask |= bit;
        o.deliveries += 1;
        served[orderId][msg.sender] = counted;
        emit ProxyDelivered(orderId, msg.sender, receiptHash, counted);
        if (o.state == State.Granted && o.deliveries >= l.terms.threshold) {
            o.state = State.Delivered;
            o.deadline = uint48(block.timestamp + l.terms.acceptWithin);
            emit ThresholdReached(orderId);
        }
    }

    /// The buyer has verified what he received: seller and proxies are owed their part.
    function accept(uint64 orderId) external {
        (Order storage o, Listing storage l) = inTime(orderId, State.Delivered);
        if (msg.sender != o.buyer) revert NotYours();
        settle(orderId, o, l, "accepted");
    }

    /// Before the grant buyer and seller may both step back. After it only the buyer may, who then pays the proxies that
    /// have already put a receipt on record; below the threshold what they serve opens nothing.
    function cancel(uint64 orderId, bytes32 reason) external {
        Order storage o = orders[orderId];
        Listing storage l = listings[o.listingId];
        if (o.state != State.Locked && o.state != State.Granted) revert WrongState(o.state);
        if (block.timestamp > o.deadline) revert TooLate();
        if (msg.sender != o.buyer && (msg.sender != l.seller || o.state != State.Locked)) revert NotYours();
        uint128 left = end(orderId, o, l, State.Cancelled, reason);
        owe(o.buyer, left - payProxies(orderId, o, l));
    }

    /// Anybody may end an order whose deadline has passed: delivered is settled; undelivered goes back to the buyer, less
    /// the fees of the proxies that have put a receipt on record, as with `cancel`.
    function expire(uint64 orderId) external {
        Order storage o = orders[orderId];
        Listing storage l = listings[o.listingId];
        if (o.state == State.None || o.state > State.Delivered) revert WrongState(o.state);
        if (block.timestamp <= o.deadline) revert TooEarly(o.deadline);
        if (o.state == State.Delivered) return settle(orderId, o, l, "expired");
        uint128 left = end(orderId, o, l, State.Refunded, "expired");
        owe(o.buyer, left - payProxies(orderId, o, l));
    }

    function listingOf(uint64 listingId) external view returns (Listing memory) {
        return listings[listingId];
    }

    function orderOf(uint64 orderId) external view returns (Order memory) {
        return orders[orderId];
    }

    /// The sums of the conservation rule: `balance` is never less than `escrow + owedSum + stakes`, and more only by
    /// coins that were forced upon the address.
    function sums() external view returns (uint256 balance, uint256 escrow, uint256 owedSum, uint256 stakes) {
        return (address(this).balance, totalEscrow, totalOwed, totalStakes);
    }

    function settle(uint64 orderId, Order storage o, Listing storage l, bytes32 reason) private {
        uint128 left = end(orderId, o, l, State.Settled, reason) - l.terms.price;
        uint64 total = 0;
        for (uint256 i = 0; i < l.proxies.length; i++) {
            if (o.deliveredMask & (1 << i) != 0) total += served[orderId][l.proxies[i]];
        }
        left -= payProxies(orderId, o, l);
        owe(l.seller, l.terms.price);
        owe(o.buyer, left);
        emit Settled(orderId, l.seller, o.buyer, l.terms.price, total, unitsOf(l));
    }

    /// Takes the order's whole escrow out of the books; the caller owes it on.
    function end(uint64 orderId, Order storage o, Listing storage l, State state, bytes32 reason)
        private
        returns (uint128 escrow)
    {
        escrow = o.escrow;
        o.escrow = 0;
        o.state = state;
        totalEscrow -= escrow;
        closeOrder(l.proxies);
        emit Ended(orderId, state, reason);
    }

    function payProxies(uint64 orderId, Order storage o, Listing storage l) private returns (uint128 paid) {
        for (uint256 i = 0; i < l.proxies.length; i++) {
            if (o.deliveredMask & (1 << i) == 0) continue;
            address proxy = l.proxies[i];
            owe(proxy, l.terms.proxyFee);
            paid += l.terms.proxyFee;
            emit ProxyRewarded(orderId, proxy, l.seller, l.terms.proxyFee, served[orderId][proxy], unitsOf(l));
        }
    }

    function inTime(uint64 orderId, State state) private view returns (Order storage o, Listing storage l) {
        o = orders[orderId];
        l = listings[o.listingId];
        if (o.state != state) revert WrongState(o.state);
        if (block.timestamp > o.deadline) revert TooLate();
    }

    function indexOfProxy(Listing storage l, address proxy) private view returns (uint256 index) {
        while (index < l.proxies.length && l.proxies[index] != proxy) index++;
    }

    /// Units of a sale, for reputation: data blocks.
    function unitsOf(Listing storage l) private view returns (uint64) {
        return l.terms.lastSeq - l.terms.firstSeq + 1;
    }

    function within(uint32 duration) private pure returns (bool) {
        return duration > 0 && duration <= MAX_WITHIN;
    }
}
