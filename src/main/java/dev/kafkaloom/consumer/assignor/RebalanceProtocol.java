package dev.kafkaloom.consumer.assignor;

/** What a member does with its partitions while the group rebalances. */
public enum RebalanceProtocol {
    /** It gives all of them back before it joins. */
    EAGER,
    /** It keeps them, says which it owns, and gives back only what it was not given again; the group then rebalances once more (KIP-429). */
    COOPERATIVE
}
