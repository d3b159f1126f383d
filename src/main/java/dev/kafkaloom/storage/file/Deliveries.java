package dev.kafkaloom.storage.file;

import dev.kafkaloom.storage.file.StoredPartition.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Picks what is handed out next, and counts how often each record was. Guarded by the {@link Shelf}'s lock. */
final class Deliveries {
    private final Consumer<Frames.Ack> log;
    private long repeated;

    /** @param log is told of each delivery, so that counts survive */
    Deliveries(Consumer<Frames.Ack> log) {
        this.log = log;
    }

    /** Takes the oldest records that wait off the partition, at most so many that are not done; their offsets rise. */
    List<Piece> next(StoredPartition partition, int max) {
        List<Piece> pieces = new ArrayList<>();
        int count = 0;
        long behind = -1;
        while (count < max && !partition.waiting.isEmpty()) {
            Piece piece = partition.waiting.first();
            if (piece.chunk().offset(piece.from()) <= behind) {
                break; // stored again after a seek
            }
            partition.waiting.remove(piece);
            Piece part = part(piece, max - count);
            if (part.to() < piece.to()) {
                partition.waiting.add(new Piece(piece.chunk(), part.to(), piece.to()));
            }
            int undone = part.undone();
            if (undone > 0) {
                deliver(part);
                count += undone;
                pieces.add(part);
                behind = part.chunk().offset(part.to() - 1);
            }
        }
        return pieces;
    }

    /** The beginning of a piece, with at most so many records that are not done. */
    private static Piece part(Piece piece, int max) {
        int to = piece.from();
        for (int count = 0; to < piece.to() && count < max; to++) {
            count += piece.chunk().isDone(to) ? 0 : 1;
        }
        return new Piece(piece.chunk(), piece.from(), to);
    }

    private void deliver(Piece piece) {
        Chunk chunk = piece.chunk();
        int run = piece.from(); // of records that were handed out equally often
        for (int i = piece.from(); i < piece.to(); i++) {
            int times = chunk.deliveries(i) + 1;
            chunk.deliveries(i, times);
            if (times != chunk.deliveries(run)) {
                log(chunk, run, i);
                run = i;
            }
            repeated += times > 1 && !chunk.isDone(i) ? 1 : 0;
        }
        log(chunk, run, piece.to());
    }

    private void log(Chunk chunk, int from, int to) {
        log.accept(new Frames.Ack(chunk.seq(), chunk.delta(from), chunk.delta(to - 1), chunk.deliveries(from)));
    }

    /** They were not handed out after all. */
    void undo(List<Piece> pieces) {
        for (Piece piece : pieces) {
            for (int i = piece.from(); i < piece.to(); i++) {
                piece.chunk().deliveries(i, piece.chunk().deliveries(i) - 1);
            }
        }
    }

    /** How many were deliveries of a record that had been delivered before. */
    long repeated() {
        return repeated;
    }
}
