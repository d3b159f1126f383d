package dev.kafkaloom.admin;

/**
 * A group as ListGroups tells of it.
 *
 * @param type {@code classic}, {@code consumer}, {@code share} or {@code streams}; empty on brokers before 3.8, which list classic and
 *             consumer groups without telling which
 * @param protocolType {@code consumer}, {@code connect} and the like; empty for a group that only holds offsets
 * @param state empty on brokers before 2.6
 */
public record GroupListing(String groupId, String type, String protocolType, String state) {}
