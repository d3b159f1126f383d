package dev.kafkaloom.consumer;

/** One partition at one {@link BrokerFetcher}, from being placed there to going elsewhere; compared by identity. Owned by the fetcher's thread. */
final class Seat {
    final Mailbox mailbox;
    final Placement placement;
    Position asked; // as the broker was told it last
    boolean unchecked; // whether the leader's log is still the one that was read has to be asked first

    Seat(Mailbox mailbox, Placement placement) {
        this.mailbox = mailbox;
        this.placement = placement;
    }
}
